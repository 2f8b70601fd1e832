package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionRegistry;
import dev.guildcast.gateway.connection.ConnectionState;
import dev.guildcast.gateway.protocol.CloseCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Drains the gateway before it stops: accepts no new connections, sends op 7 at a rate that the other gateways can
/// absorb, and closes with 1001 the clients that stay.
///
/// - **Owner:** one thread; op 7 and closes are sent on each connection's event loop.
/// - **Promise:** it ends within `window` and a second.
final class ConnectionDrainer implements SmartLifecycle, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectionDrainer.class);
    /// Spreads the op 7 of one second over ten steps, so that resumes do not arrive in bursts.
    private static final int TICKS_PER_SECOND = 10;

    /// Time for the close frames of the last clients to be written before the server stops.
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);

    /// How much longer than the window a stop waits for the drain: it covers the close grace on a busy machine.
    private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

    private final ConnectionRegistry connections;
    private final DrainProperties properties;
    private final ApplicationContext context;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("drain").factory());
    private volatile boolean running;
    private @Nullable CompletableFuture<Void> drained;

    ConnectionDrainer(
            ConnectionRegistry connections,
            DrainProperties properties,
            ApplicationContext context,
            LongSupplier nanoTime) {
        this.connections = connections;
        this.properties = properties;
        this.context = context;
        this.nanoTime = nanoTime;
    }

    /// From any thread.
    synchronized boolean isDraining() {
        return drained != null;
    }

    /// Starts the drain unless it is running; completes when no connection is left or the window is over.
    synchronized CompletableFuture<Void> drain() {
        if (drained == null) {
            drained = new CompletableFuture<>();
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            int count = connections.all().size();
            log.info(
                    "draining {} connections: {} a second get op 7, and those that remain are closed with 1001 within"
                            + " {} s (gateway.drain)",
                    count,
                    Math.min(count, Math.ceil(properties.requestsPerSecond(count))),
                    properties.window().toSeconds());
            executor.execute(new DrainTask(properties.requestsPerSecond(count), drained));
        }
        return drained;
    }

    /// The periodic task of the drain.
    private final class DrainTask implements Runnable {
        private final double requestsPerSecond;
        private final CompletableFuture<Void> done;
        private final long startNanos = nanoTime.getAsLong();
        private double requestsAllowed = 1;
        private long lastRunNanos = startNanos;

        DrainTask(double requestsPerSecond, CompletableFuture<Void> done) {
            this.requestsPerSecond = requestsPerSecond;
            this.done = done;
        }

        @Override
        public void run() {
            var open = connections.all();
            if (open.isEmpty()) {
                done.complete(null);
                return;
            }
            if (nanoTime.getAsLong() - startNanos >= properties.window().toNanos()) {
                open.forEach(this::closeNow);
                executor.schedule(this::finish, CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            requestReconnects();
            var unused = executor.schedule(this, 1000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
        }

        /// Sends op 7 to as many connections as the rate allows; each run also finds connections that were added late.
        private void requestReconnects() {
            long nowNanos = nanoTime.getAsLong();
            requestsAllowed = Math.min(
                    requestsAllowed + requestsPerSecond * (nowNanos - lastRunNanos) / 1e9,
                    Math.max(1, requestsPerSecond));
            lastRunNanos = nowNanos;
            if (requestsAllowed >= 1) {
                for (var each : connections.all()) {
                    if (requestsAllowed < 1) {
                        break;
                    }
                    if (each.state() != ConnectionState.CLOSED && !each.isReconnectRequested()) {
                        each.markReconnectRequested();
                        requestsAllowed--;
                        each.loop().execute(() -> {
                            each.requestReconnect();
                            each.loop()
                                    .schedule(() -> each.close(CloseCode.GOING_AWAY), properties.effectiveCloseAfter());
                        });
                    }
                }
            }
        }

        /// The window is over. Whoever has no op 7 by now, as one that connected last, gets it before the close.
        private void closeNow(Connection connection) {
            boolean requested = connection.isReconnectRequested();
            connection.markReconnectRequested();
            connection.loop().execute(() -> {
                if (!requested) {
                    connection.requestReconnect();
                }
                connection.close(CloseCode.GOING_AWAY);
            });
        }

        private void finish() {
            done.complete(null);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        drain().orTimeout(properties.window().plus(STOP_MARGIN).toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> null)
                .join();
        running = false;
    }

    @Override
    public void stop(Runnable callback) {
        var unused = drain().whenComplete((none, error) -> {
            running = false;
            callback.run();
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// Stops before the web server does.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
