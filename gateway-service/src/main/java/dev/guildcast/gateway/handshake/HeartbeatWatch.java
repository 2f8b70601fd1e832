package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.ConnectionState;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.protocol.CloseCode;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections that have gone silent, that never said who they are, or that do not read.
///
/// - **Owner:** one thread that sweeps over all connections; no connection has a timer of its own. What it finds is
///   done on the connection's loop.
/// - **Promise:** a connection is noticed at most one sweep late.
public final class HeartbeatWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatWatch.class);
    private static final Duration SWEEP_MAX = Duration.ofMillis(500);

    private final ConnectionRegistry connections;
    private final GatewayMetrics metrics;
    private final LongSupplier nanos;
    private final long silentNanosMax;
    private final long unauthenticatedNanosMax;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat-watch").factory());

    HeartbeatWatch(
            ConnectionRegistry connections,
            HeartbeatProperties heartbeat,
            IdentifyProperties identify,
            GatewayMetrics metrics,
            LongSupplier nanos) {
        this.connections = connections;
        this.metrics = metrics;
        this.nanos = nanos;
        this.silentNanosMax = heartbeat.interval().toNanos() * 3 / 2;
        this.unauthenticatedNanosMax = identify.authenticateWithin().toNanos();
    }

    /// Sweeps from now on.
    void start() {
        long shorter = Math.min(silentNanosMax, unauthenticatedNanosMax) / 15;
        long every = Math.max(1_000_000, Math.min(SWEEP_MAX.toNanos(), shorter));
        var unused = sweeper.scheduleWithFixedDelay(this::sweepSafely, every, every, TimeUnit.NANOSECONDS);
    }

    private void sweepSafely() {
        try {
            sweep();
        } catch (RuntimeException e) {
            log.error("a sweep over the connections failed; the next follows", e);
        }
    }

    void sweep() {
        long now = nanos.getAsLong();
        for (var connection : connections.all()) {
            if (isSilent(connection, now) || isLate(connection, now) || connection.isOverdue()) {
                connection.loop().execute(() -> check(connection));
            }
        }
    }

    /// Looks again on the loop: a beat may have come in between.
    private void check(Connection connection) {
        long now = nanos.getAsLong();
        if (connection.isClosed()) {
            return;
        }
        if (isSilent(connection, now)) {
            metrics.limited("heartbeat");
            connection.close(CloseCode.UNKNOWN_ERROR);
        } else if (isLate(connection, now)) {
            metrics.limited("authentication");
            connection.close(CloseCode.NOT_AUTHENTICATED);
        } else {
            connection.closeIfOverdue();
        }
    }

    private boolean isSilent(Connection connection, long now) {
        return now - connection.beatAtNanos() > silentNanosMax;
    }

    private boolean isLate(Connection connection, long now) {
        return connection.state() == ConnectionState.CONNECTED
                && now - connection.unauthenticatedSinceNanos() > unauthenticatedNanosMax;
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
