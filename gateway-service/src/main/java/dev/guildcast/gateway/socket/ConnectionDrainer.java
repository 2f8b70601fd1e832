package dev.guildcast.gateway.socket;

import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.ConnectionState;
import dev.guildcast.gateway.protocol.CloseCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Lets clients go before the gateway stops: no new ones, op 7 at a pace that the other gateways can take, 1001 for who
/// stays.
///
/// - **Owner:** one thread; what it decides is done on each connection's loop.
/// - **Promise:** over within `window`.
public final class ConnectionDrainer implements SmartLifecycle, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectionDrainer.class);
    private static final int TICKS_PER_SECOND = 10;

    private final ConnectionRegistry connections;
    private final DrainProperties properties;
    private final ApplicationContext context;
    private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("drain").factory());
    private volatile boolean running;
    private @Nullable CompletableFuture<Void> drained;

    ConnectionDrainer(ConnectionRegistry connections, DrainProperties properties, ApplicationContext context) {
        this.connections = connections;
        this.properties = properties;
        this.context = context;
    }

    /// From any thread.
    public synchronized boolean isDraining() {
        return drained != null;
    }

    /// Begins, if it has not begun; completes when no connection is left.
    public synchronized CompletableFuture<Void> drain() {
        if (drained == null) {
            drained = new CompletableFuture<>();
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            int count = connections.all().size();
            log.info("draining {} connections", count);
            pacer.execute(new Pace(Math.max(1, count * properties.share() / 100.0), drained));
        }
        return drained;
    }

    /// One drain, told out in ticks.
    private final class Pace implements Runnable {
        private final double perSecond;
        private final CompletableFuture<Void> done;
        private final long startNanos = System.nanoTime();
        private double allowance = 1;

        Pace(double perSecond, CompletableFuture<Void> done) {
            this.perSecond = perSecond;
            this.done = done;
        }

        @Override
        public void run() {
            var open = connections.all();
            if (open.isEmpty()) {
                done.complete(null);
                return;
            }
            if (System.nanoTime() - startNanos >= properties.window().toNanos()) {
                open.forEach(each -> each.loop().execute(() -> each.close(CloseCode.GOING_AWAY)));
                pacer.schedule(this::finish, 1, TimeUnit.SECONDS);
                return;
            }
            tell();
            var unused = pacer.schedule(this, 1000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
        }

        /// Op 7 to as many as the pace allows; once all have it, the latecomers are seen again each tick.
        private void tell() {
            if (allowance >= 1) {
                for (var each : connections.all()) {
                    if (allowance < 1) {
                        break;
                    }
                    if (each.state() != ConnectionState.CLOSED && !each.toldToReconnect()) {
                        each.markToldToReconnect();
                        allowance--;
                        each.loop().execute(() -> {
                            each.askToReconnect();
                            each.loop().schedule(() -> each.close(CloseCode.GOING_AWAY), properties.closeAfter());
                        });
                    }
                }
            }
            allowance = Math.min(allowance + perSecond / TICKS_PER_SECOND, Math.max(1, perSecond));
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
        drain().orTimeout(properties.window().plus(Duration.ofSeconds(5)).toMillis(), TimeUnit.MILLISECONDS)
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

    /// Before the web server begins to stop.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void close() {
        pacer.shutdownNow();
    }
}
