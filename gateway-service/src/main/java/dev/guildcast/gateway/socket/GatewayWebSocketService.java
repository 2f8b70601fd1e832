package dev.guildcast.gateway.socket;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Upgrades the requests that [UpgradeFilter] has let through. It stands in for WebFlux's own service, which compares
/// the tokens of `Connection` with two spellings only, and upgrades with any version.
final class GatewayWebSocketService implements WebSocketService {
    private final RequestUpgradeStrategy strategy;

    GatewayWebSocketService(RequestUpgradeStrategy strategy) {
        this.strategy = strategy;
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        var request = exchange.getRequest();
        // The server may reuse the request's own headers after the handshake.
        var headers = HttpHeaders.copyOf(request.getHeaders());
        return strategy.upgrade(
                exchange,
                handler,
                null,
                () -> new HandshakeInfo(
                        request.getURI(),
                        headers,
                        request.getCookies(),
                        exchange.getPrincipal(),
                        null,
                        request.getRemoteAddress(),
                        Map.of(),
                        exchange.getLogPrefix()));
    }
}
