package dev.guildcast.fanout.ingress;

import dev.guildcast.shard.access.GrpcCallAuthorizer;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// gRPC server for publishers, on a port of its own: the services' port, which answers queries about guilds, is not
/// theirs to reach.
final class GrpcIngressServer implements SmartLifecycle, IntSupplier {
    private static final Logger log = LoggerFactory.getLogger(GrpcIngressServer.class);
    /// An event has at most 512 KB; gRPC's own default, which leaves room for its envelope.
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
    /// Publishers keep a stream open for long; more frequent pings end the connection.
    private static final long PING_SECONDS_MIN = 10;
    /// How long a stop waits for calls to end; what was not acknowledged then is published again.
    private static final long STOP_SECONDS_MAX = 2;

    private final GrpcIngressEndpoint endpoint;
    private final GrpcCallAuthorizer authorizer;
    private final IngressProperties.Grpc properties;
    private final @Nullable KeyManager keys;
    private volatile @Nullable Server server;

    /// @param keys null for plaintext
    GrpcIngressServer(
            GrpcIngressEndpoint endpoint,
            GrpcCallAuthorizer authorizer,
            IngressProperties.Grpc properties,
            @Nullable KeyManager keys) {
        this.endpoint = endpoint;
        this.authorizer = authorizer;
        this.properties = properties;
        this.keys = keys;
    }

    @Override
    public void start() {
        var address = new InetSocketAddress(properties.address(), properties.port());
        try {
            var started = NettyServerBuilder.forAddress(address, credentials())
                    .addService(endpoint)
                    .intercept(authorizer)
                    .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                    .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
                    .permitKeepAliveWithoutCalls(true)
                    .build()
                    .start();
            server = started;
            log.info("ingress listens for gRPC on {}:{}", properties.address(), started.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException("the ingress cannot listen on " + address, e);
        }
    }

    private ServerCredentials credentials() {
        return keys == null
                ? InsecureServerCredentials.create()
                : TlsServerCredentials.newBuilder().keyManager(keys).build();
    }

    @Override
    public void stop() {
        var running = server;
        server = null;
        if (running == null) {
            return;
        }
        running.shutdown();
        try {
            if (!running.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /// The bound port.
    ///
    /// @throws IllegalStateException if it does not listen
    @Override
    public int getAsInt() {
        var running = server;
        if (running == null) {
            throw new IllegalStateException("the ingress does not listen for gRPC");
        }
        return running.getPort();
    }
}
