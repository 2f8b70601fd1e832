package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/// WebFlux's own upgrade strategy, except that it passes the Netty channel to the gateway's handler. permessage-deflate
/// is declined, because the gateway protocol has its own compression.
final class GatewayUpgradeStrategy implements RequestUpgradeStrategy {
    private final RequestUpgradeStrategy reactorNetty;

    /// @param frameBytesMax longest message that the decoder accepts
    GatewayUpgradeStrategy(int frameBytesMax) {
        this.reactorNetty = new ReactorNettyRequestUpgradeStrategy(() -> WebsocketServerSpec.builder()
                .maxFramePayloadLength(frameBytesMax)
                .compress(false));
    }

    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> info) {
        if (!(handler instanceof UpgradeTarget target)) {
            return reactorNetty.upgrade(exchange, handler, subProtocol, info);
        }
        var channel = new AtomicReference<Channel>();
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        response.withConnection(it -> channel.set(it.channel()));
        ConnectionRegistry.Permit permit = exchange.getRequiredAttribute(AdmissionFilter.PERMIT);
        return reactorNetty.upgrade(
                exchange,
                session -> {
                    permit.transferToConnection();
                    return target.gateway.serve(session, channel.get(), permit);
                },
                subProtocol,
                info);
    }

    /// The handler that [GatewayHandlerMapping] returns; the upgrade passes the channel to its gateway handler.
    record UpgradeTarget(GatewayWebSocketHandler gateway) implements WebSocketHandler {
        @Override
        public Mono<Void> handle(WebSocketSession session) {
            return Mono.error(new IllegalStateException("the upgrade strategy in use does not pass the channel on"));
        }
    }
}
