package dev.guildcast.gateway.socket;

import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Maps WebSocket upgrades on `/`, `//` and the empty path to the gateway's handler: client libraries append their
/// query to the gateway's address in each of these ways.
final class GatewayHandlerMapping extends AbstractHandlerMapping {
    private static final Set<String> PATHS = Set.of("", "/", "//");

    private final WebSocketHandler handler;

    GatewayHandlerMapping(WebSocketHandler handler) {
        this.handler = handler;
        setOrder(-1);
    }

    static boolean isUpgrade(ServerHttpRequest request) {
        return UpgradeRequest.hasToken(request.getHeaders().getOrEmpty(HttpHeaders.UPGRADE), "websocket")
                && PATHS.contains(request.getURI().getRawPath());
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        return isUpgrade(exchange.getRequest()) ? Mono.just(handler) : Mono.empty();
    }
}
