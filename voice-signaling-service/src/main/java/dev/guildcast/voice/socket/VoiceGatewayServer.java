package dev.guildcast.voice.socket;

import dev.guildcast.voice.call.VoiceGatewayProperties;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.WebsocketServerSpec;

/// The port of the voice gateway, apart from that of the actuator: it is for clients, and speaks TLS.
final class VoiceGatewayServer implements SmartLifecycle {
    /// An offer of a browser; everything else is shorter, which the parser checks.
    private static final int FRAME_BYTES_MAX = 65_536;
    private static final AttributeKey<Boolean> UPGRADED = AttributeKey.valueOf(VoiceGatewayServer.class, "upgraded");
    /// How long a stop waits for the port to close, which takes milliseconds.
    private static final Duration STOP_MAX = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(VoiceGatewayServer.class);

    private final VoiceWebSocketHandler handler;
    private final VoiceGatewayProperties properties;
    private final Optional<SslContext> tls;
    private final HandshakeWebSocketService upgrades =
            new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy(
                    () -> WebsocketServerSpec.builder().maxFramePayloadLength(FRAME_BYTES_MAX)));
    private volatile @Nullable DisposableServer server;

    /// @param tls empty: none
    VoiceGatewayServer(VoiceWebSocketHandler handler, VoiceGatewayProperties properties, Optional<SslContext> tls) {
        this.handler = handler;
        this.properties = properties;
        this.tls = tls;
    }

    @Override
    public void start() {
        var unsecured = HttpServer.create()
                .port(properties.port())
                .doOnChannelInit((observer, channel, remote) -> closeUnlessUpgraded(channel));
        var bound = properties.address().isEmpty() ? unsecured : unsecured.host(properties.address());
        var secured = tls.map(context -> bound.secure(spec -> spec.sslContext(context)))
                .orElse(bound);
        var http = WebHttpHandlerBuilder.webHandler(this::upgrade).build();
        var started = secured.handle(new ReactorHttpHandlerAdapter(http)).bindNow();
        server = started;
        log.info(
                "the voice gateway listens on port {} {}",
                started.port(),
                tls.isPresent() ? "by TLS" : "without TLS, which client libraries refuse");
    }

    /// The server's own timeouts go on after the upgrade, which ends a request that lasts as long as a call.
    private void closeUnlessUpgraded(Channel channel) {
        var unused = channel.eventLoop()
                .schedule(
                        () -> {
                            if (!channel.hasAttr(UPGRADED)) {
                                channel.close();
                            }
                        },
                        properties.identifyWithin().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private Mono<Void> upgrade(ServerWebExchange exchange) {
        if (!handler.hasRoom()) {
            exchange.getResponse().setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
            return exchange.getResponse().setComplete();
        }
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        request.withConnection(connection -> connection.channel().attr(UPGRADED).set(true));
        return upgrades.handleRequest(exchange, handler);
    }

    @Override
    public void stop() {
        var running = server;
        server = null;
        if (running != null) {
            running.disposeNow(STOP_MAX);
        }
    }

    /// Before the gRPC server, so that no voice server registers while the address is not known.
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /// @throws IllegalStateException if it does not listen
    int port() {
        var running = server;
        if (running == null) {
            throw new IllegalStateException("the voice gateway does not listen");
        }
        return running.port();
    }
}
