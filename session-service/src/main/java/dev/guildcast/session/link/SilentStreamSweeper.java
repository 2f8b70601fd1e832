package dev.guildcast.session.link;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the check for streams whose gateways are lost, on a thread of its own, which no shard or gateway can delay.
final class SilentStreamSweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SilentStreamSweeper.class);

    private final Runnable sweep;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("silent-streams").factory());

    SilentStreamSweeper(Runnable sweep) {
        this.sweep = sweep;
    }

    void start() {
        var unused = executor.scheduleWithFixedDelay(
                this::sweepSafely,
                GrpcLinkEndpoint.SWEEP_INTERVAL.toMillis(),
                GrpcLinkEndpoint.SWEEP_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void sweepSafely() {
        try {
            sweep.run();
        } catch (RuntimeException e) {
            log.error("a sweep for the streams of lost gateways failed; the next one runs as scheduled", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
