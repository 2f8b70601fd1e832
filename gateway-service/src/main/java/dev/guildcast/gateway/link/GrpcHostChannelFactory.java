package dev.guildcast.gateway.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

/// Creates the channels to session hosts, whose addresses come from the shard map, with the factory that
/// `spring.grpc.client` configures.
final class GrpcHostChannelFactory {
    /// A batch may hold a dispatch of up to 8 MB; four times as much leaves room for everything else in it.
    private static final int MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

    private final GrpcChannelFactory factory;
    private final Duration keepAlive;

    GrpcHostChannelFactory(GrpcChannelFactory factory, Duration keepAlive) {
        this.factory = factory;
        this.keepAlive = keepAlive;
    }

    ManagedChannel create(String address) {
        return factory.createChannel(
                "static://" + address,
                ChannelBuilderOptions.defaults().<NettyChannelBuilder>withCustomizer((target, builder) -> {
                    // Callbacks only hand over to event loops and never block: they need no executor of their own.
                    builder.directExecutor().maxInboundMessageSize(MESSAGE_BYTES_MAX);
                    if (!keepAlive.isZero()) {
                        builder.keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                                .keepAliveTimeout(keepAlive.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }));
    }
}
