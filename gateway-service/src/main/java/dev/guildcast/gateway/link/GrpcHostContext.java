package dev.guildcast.gateway.link;

import io.grpc.ManagedChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// What the streams to all session hosts share.
///
/// @param gatewayId unique per process
/// @param channels creates a channel, without a connection, to an address
/// @param timer opens streams
/// @param nanoTime the monotonic clock
record GrpcHostContext(
        String gatewayId,
        Function<String, ManagedChannel> channels,
        LinkProperties properties,
        LinkMetrics metrics,
        ScheduledExecutorService timer,
        LongSupplier nanoTime) {}
