package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.codec.SharedDeflater;
import dev.guildcast.gateway.codec.ZlibStreamCompressor;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionCodec;
import dev.guildcast.gateway.connection.ConnectionLimits;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.SlowConsumerPolicy;
import dev.guildcast.gateway.connection.Socket;
import dev.guildcast.gateway.loop.Loop;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/// Creates connections with the codec, limits and resume URL that the configuration and their upgrade request ask for.
///
/// - **Owner:** none: immutable but for the deflaters, of which each event loop with a `zlib-stream` connection has
/// one.
final class ConnectionFactory {
    private final SocketProperties properties;
    private final CommandProperties commands;
    private final PublicUrls urls;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;
    private final PayloadCodec jsonCodec = new JsonPayloadCodec();
    private final ConcurrentMap<Loop, SharedDeflater> deflaters = new ConcurrentHashMap<>();

    ConnectionFactory(
            SocketProperties properties,
            CommandProperties commands,
            PublicUrls urls,
            ConnectionMetrics metrics,
            MeterRegistry registry,
            LongSupplier nanoTime) {
        this.properties = properties;
        this.commands = commands;
        this.urls = urls;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        Gauge.builder("guildcast.gateway.compression.pasts", deflaters, ConnectionFactory::historiesBytes)
                .description("Text that zlib-stream connections have in common, to which compressed blocks refer")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("guildcast.gateway.compression.blocks", deflaters, ConnectionFactory::blocks)
                .description("Blocks compressed for zlib-stream connections, each for one or more of them")
                .register(registry);
    }

    private static double historiesBytes(Map<Loop, SharedDeflater> deflaters) {
        return deflaters.values().stream()
                .mapToLong(SharedDeflater::historiesBytes)
                .sum();
    }

    private static double blocks(Map<Loop, SharedDeflater> deflaters) {
        return deflaters.values().stream().mapToLong(SharedDeflater::blocks).sum();
    }

    /// @param request the URI of the upgrade request
    Connection create(Socket socket, UpgradeQuery upgrade, URI request) {
        long nowNanos = nanoTime.getAsLong();
        return new Connection(
                socket,
                new Connection.Parameters(upgrade.version(), "json", upgrade.zlibStream(), urls.resumeUrl(request)),
                new ConnectionCodec(
                        jsonCodec,
                        upgrade.zlibStream()
                                ? new ZlibStreamCompressor(
                                        deflaters.computeIfAbsent(socket.loop(), it -> new SharedDeflater()))
                                : FrameCompressor.NONE),
                new ConnectionLimits(
                        new SlowConsumerPolicy(
                                properties.outboundLimit().toBytes(),
                                properties.parkedMax().toNanos()),
                        commands.commandLimiter(nowNanos),
                        commands.controlFrameLimiter(nowNanos),
                        commands.presenceLimiter(nowNanos)),
                metrics,
                nanoTime);
    }
}
