package dev.guildcast.fanout.ingress;

import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/// HTTP server for publishers, on a port of its own, apart from those of clients and the actuator.
final class HttpIngressServer implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(HttpIngressServer.class);
    /// How long a stop waits for the port to close, which takes milliseconds; requests in progress are not waited for.
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final HttpIngressEndpoint endpoint;
    private final IngressProperties.Http properties;
    private final @Nullable KeyManager keys;
    private volatile @Nullable DisposableServer server;

    /// @param keys null for plaintext
    HttpIngressServer(HttpIngressEndpoint endpoint, IngressProperties.Http properties, @Nullable KeyManager keys) {
        this.endpoint = endpoint;
        this.properties = properties;
        this.keys = keys;
    }

    @Override
    public void start() {
        var handler = RouterFunctions.toHttpHandler(endpoint.routes());
        var started = (keys == null ? HttpServer.create() : secured(keys))
                .host(properties.address())
                .port(properties.port())
                .requestTimeout(properties.requestTimeout())
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
        server = started;
        log.info("ingress listens on {}:{}", properties.address(), started.port());
    }

    private static HttpServer secured(KeyManager keys) {
        try {
            var context = SslContextBuilder.forServer(keys).build();
            return HttpServer.create().secure(tls -> tls.sslContext(context));
        } catch (SSLException e) {
            throw new IllegalStateException("the certificate of ingress.ssl-bundle cannot be used", e);
        }
    }

    @Override
    public void stop() {
        var running = server;
        server = null;
        if (running != null) {
            running.disposeNow(STOP_MAX);
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /// @throws IllegalStateException if it does not listen
    int port() {
        var running = server;
        if (running == null) {
            throw new IllegalStateException("the ingress does not listen");
        }
        return running.port();
    }
}
