package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.ConnectionRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerResponse;

/// Answers the handshake and takes the channel from Reactor Netty: all handlers but TLS and [FrameHandler] leave its
/// pipeline, and nothing of the HTTP exchange stays reachable from it. Extensions such as permessage-deflate are
/// declined, because the gateway protocol has its own compression.
///
/// For WebFlux the exchange then ends like any other, with the status 101: its filters, observations and the permit of
/// admission see its completion.
final class FrameUpgradeStrategy implements RequestUpgradeStrategy {
    private static final String HANDLER = "guildcast.frames";

    /// RFC 6455 section 1.3.
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// Where Reactor Netty keeps the operations of a channel, and with them the exchange.
    private static final AttributeKey<Object> OPERATIONS = AttributeKey.valueOf("$CONNECTION");

    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> info) {
        if (!(handler instanceof FrameTarget target)) {
            return Mono.error(new IllegalStateException(
                    "the socket layer is frame, and " + handler + " is no handler of it (gateway.socket.layer)"));
        }
        var nettyChannel = new AtomicReference<Channel>();
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        response.withConnection(it -> nettyChannel.set(it.channel()));
        var channel = nettyChannel.get();
        exchange.getResponse().setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
        // Copies what filters have set as headers into the native response, and writes nothing.
        return exchange.getResponse()
                .setComplete()
                .then(Mono.<Void>fromRunnable(
                                () -> takeOver(exchange, target.layer, channel, response.responseHeaders()))
                        .subscribeOn(Schedulers.fromExecutor(channel.eventLoop())));
    }

    private static void takeOver(
            ServerWebExchange exchange, FrameLayer layer, Channel channel, HttpHeaders responseHeaders) {
        if (!channel.isActive()) {
            return; // The permit ends with the exchange.
        }
        ConnectionRegistry.Permit permit = exchange.getRequiredAttribute(AdmissionFilter.PERMIT);
        var request = exchange.getRequest();
        var upgrade = UpgradeQuery.parse(UriComponentsBuilder.fromUri(request.getURI())
                .build()
                .getQueryParams()
                .toSingleValueMap());
        var handler = new FrameHandler(layer, channel, permit, upgrade, request.getURI());
        var pipeline = channel.pipeline();
        permit.transferToConnection();
        try {
            pipeline.addLast(HANDLER, handler);
            writeHandshake(
                    pipeline, String.valueOf(request.getHeaders().getFirst("Sec-WebSocket-Key")), responseHeaders);
            strip(pipeline, handler);
            channel.config().setAutoRead(true);
            handler.open(upgrade);
            UpgradeTail.replay(pipeline);
        } catch (RuntimeException e) {
            // Half a handshake cannot be answered in another way; the handler releases the permit.
            channel.close();
            throw e;
        }
    }

    /// From behind the HTTP codec, which encodes it and is then no longer needed. It leaves with the socket's first
    /// flush.
    private static void writeHandshake(ChannelPipeline pipeline, String key, HttpHeaders headers) {
        var handshake = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        handshake
                .headers()
                .add(headers)
                .remove(HttpHeaderNames.TRANSFER_ENCODING)
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        var names = pipeline.names();
        var behindCodec = names.get(names.indexOf(NettyPipeline.HttpCodec) + 1);
        var unused = pipeline.context(behindCodec).write(handshake);
    }

    static String accept(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.strip() + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }

    /// Removes all handlers but TLS, the frame handler and what holds the bytes behind the request.
    @SuppressWarnings(
            "deprecation") // Reactor Netty asks whether the attribute exists: it must not exist without a value.
    private static void strip(ChannelPipeline pipeline, FrameHandler handler) {
        for (var each : new ArrayList<>(pipeline.toMap().entrySet())) {
            boolean stays = each.getValue() == handler
                    || each.getValue() instanceof SslHandler
                    || each.getKey().equals(NettyPipeline.LoggingHandler)
                    || each.getKey().equals(UpgradeTail.NAME)
                    || each.getKey().equals(UpgradeTail.WATCHER);
            if (!stays) {
                pipeline.remove(each.getValue());
            }
        }
        pipeline.channel().attr(OPERATIONS).remove();
    }

    /// The handler that [GatewayHandlerMapping] returns; the upgrade passes the channel to its layer.
    record FrameTarget(FrameLayer layer) implements WebSocketHandler {
        @Override
        public Mono<Void> handle(WebSocketSession session) {
            return Mono.error(new IllegalStateException("the upgrade strategy in use does not take the channel over"));
        }
    }
}
