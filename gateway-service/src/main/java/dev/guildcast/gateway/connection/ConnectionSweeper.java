package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.protocol.CloseCode;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes connections without heartbeats, those that do not authenticate in time, those whose token has expired, and
/// slow
/// ones that do not catch up.
///
/// - **Owner:** one thread that sweeps over all connections; no connection has a timer of its own. Connections are
///   closed on their own event loops.
/// - **Promise:** a connection is closed at most one sweep interval late.
final class ConnectionSweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectionSweeper.class);
    /// The longest sweep interval: closes stay punctual however long the two limits are.
    private static final Duration SWEEP_INTERVAL_MAX = Duration.ofMillis(500);

    /// The shortest: limits of a few milliseconds, as in tests, must not keep the thread busy.
    private static final Duration SWEEP_INTERVAL_MIN = Duration.ofMillis(1);

    /// Sweeps within the shorter of the two limits: a close is late by 7 % of it at most.
    private static final int SWEEPS_PER_LIMIT = 15;

    private final ConnectionRegistry connections;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;
    private final long silentNanosMax;
    private final long unauthenticatedNanosMax;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("connection-sweeper").factory());

    ConnectionSweeper(
            ConnectionRegistry connections,
            HeartbeatProperties heartbeat,
            IdentifyProperties identify,
            ConnectionMetrics metrics,
            LongSupplier nanoTime) {
        this.connections = connections;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.silentNanosMax = heartbeat.interval().toNanos() * 3 / 2;
        this.unauthenticatedNanosMax = identify.authenticateWithin().toNanos();
    }

    /// Starts the periodic sweep.
    void start() {
        long intervalNanos = Math.min(silentNanosMax, unauthenticatedNanosMax) / SWEEPS_PER_LIMIT;
        long delayNanos = Math.clamp(intervalNanos, SWEEP_INTERVAL_MIN.toNanos(), SWEEP_INTERVAL_MAX.toNanos());
        var unused = executor.scheduleWithFixedDelay(this::sweepSafely, delayNanos, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void sweepSafely() {
        try {
            sweep();
        } catch (RuntimeException e) {
            log.error("a sweep for overdue connections failed; the next one runs as scheduled", e);
        }
    }

    void sweep() {
        long nowNanos = nanoTime.getAsLong();
        for (var connection : connections.all()) {
            if (isHeartbeatOverdue(connection, nowNanos)
                    || isAuthenticationOverdue(connection, nowNanos)
                    || connection.isTokenExpired(nowNanos)
                    || connection.isOverdue()) {
                connection.loop().execute(() -> closeIfDue(connection));
            }
        }
    }

    /// Checks again on the event loop: a heartbeat may have arrived in between.
    private void closeIfDue(Connection connection) {
        long nowNanos = nanoTime.getAsLong();
        if (connection.isClosed()) {
            return;
        }
        if (isHeartbeatOverdue(connection, nowNanos)) {
            metrics.limited("heartbeat");
            connection.close(UnknownErrorReason.HEARTBEAT);
        } else if (isAuthenticationOverdue(connection, nowNanos)) {
            metrics.limited("authentication");
            connection.close(CloseCode.NOT_AUTHENTICATED);
        } else if (connection.isTokenExpired(nowNanos)) {
            // The session ends, too: only an Identify with another token begins one.
            metrics.limited("token_expiry");
            connection.close(CloseCode.AUTHENTICATION_FAILED);
        } else {
            connection.closeIfOverdue();
        }
    }

    private boolean isHeartbeatOverdue(Connection connection, long nowNanos) {
        return nowNanos - connection.lastHeartbeatNanos() > silentNanosMax;
    }

    private boolean isAuthenticationOverdue(Connection connection, long nowNanos) {
        return connection.state() == ConnectionState.CONNECTED
                && nowNanos - connection.unauthenticatedSinceNanos() > unauthenticatedNanosMax;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
