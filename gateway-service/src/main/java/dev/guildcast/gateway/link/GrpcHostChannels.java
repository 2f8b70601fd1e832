package dev.guildcast.gateway.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

/// Channels to hosts whose addresses come from the shard map, built by the factory that `spring.grpc.client`
/// configures.
final class GrpcHostChannels {
    /// A batch holds dispatches of up to 8 MB.
    private static final int MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

    private final GrpcChannelFactory factory;
    private final Duration keepAlive;

    GrpcHostChannels(GrpcChannelFactory factory, Duration keepAlive) {
        this.factory = factory;
        this.keepAlive = keepAlive;
    }

    ManagedChannel to(String address) {
        return factory.createChannel(
                "static://" + address,
                ChannelBuilderOptions.defaults().<NettyChannelBuilder>withCustomizer((target, builder) -> {
                    // Callbacks only hand over to event loops: they need no thread of their own.
                    builder.directExecutor().maxInboundMessageSize(MESSAGE_BYTES_MAX);
                    if (!keepAlive.isZero()) {
                        builder.keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                                .keepAliveTimeout(keepAlive.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }));
    }
}
