package dev.guildcast.gateway.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

/// Creates the channels to session hosts, whose addresses come from the shard map, as `spring.grpc.client` configures
/// them.
///
/// Each stream gets a channel of its own, and so a new connection: a stream whose path swallows packets could not be
/// replaced on the connection that it used. Spring's factory keeps every channel that it has created until it is closed
/// itself; so it creates one for each address, and the others come from the builder that it has configured.
///
/// - **Owner:** the link's timer thread; safe for use from any thread.
/// - **Bound:** one builder for each address that has owned a shard.
final class GrpcHostChannelFactory {
    /// A batch may hold a dispatch of up to 8 MB; four times as much leaves room for everything else in it.
    private static final int MESSAGE_BYTES_MAX = 32 * 1024 * 1024;

    private final GrpcChannelFactory factory;
    private final Duration keepAlive;
    private final Map<String, NettyChannelBuilder> builders = new HashMap<>();

    GrpcHostChannelFactory(GrpcChannelFactory factory, Duration keepAlive) {
        this.factory = factory;
        this.keepAlive = keepAlive;
    }

    /// A channel without connection that no one else uses; the caller shuts it down.
    synchronized ManagedChannel create(String address) {
        var builder = builders.get(address);
        return builder != null ? builder.build() : createFirst(address);
    }

    private ManagedChannel createFirst(String address) {
        return factory.createChannel(
                "static://" + address,
                ChannelBuilderOptions.defaults().<NettyChannelBuilder>withCustomizer((target, builder) -> {
                    // Callbacks only hand over to event loops and never block: they need no executor of their own.
                    builder.directExecutor().maxInboundMessageSize(MESSAGE_BYTES_MAX);
                    if (!keepAlive.isZero()) {
                        builder.keepAliveTime(keepAlive.toMillis(), TimeUnit.MILLISECONDS)
                                .keepAliveTimeout(keepAlive.toMillis(), TimeUnit.MILLISECONDS);
                    }
                    builders.put(address, builder);
                }));
    }
}
