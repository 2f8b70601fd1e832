package dev.guildcast.session.node;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/// Whether Kafka answered a probe recently.
///
/// - **Owner:** probes on a thread of its own; queried from any thread.
/// - **Bound:** one probe every [#PROBE_INTERVAL].
final class KafkaReachability implements AutoCloseable {
    /// Several probes fit into [#ANSWER_VALID_NANOS], so that a single lost one changes nothing.
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(2);
    /// As long as the interval: a slow probe delays the next one instead of overlapping it.
    private static final long PROBE_TIMEOUT_MILLIS = 2_000;
    /// Outlasts the election of a new controller or leader, which is no reason to become unready.
    private static final long ANSWER_VALID_NANOS = Duration.ofSeconds(10).toNanos();

    private final Admin admin;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService prober = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kafka-reachability").daemon(true).factory());
    private volatile boolean everAnswered;
    private volatile long lastAnswerNanos;

    KafkaReachability(String bootstrapServers, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "session-health",
                "request.timeout.ms",
                (int) PROBE_TIMEOUT_MILLIS,
                "default.api.timeout.ms",
                (int) PROBE_TIMEOUT_MILLIS));
        var unused = prober.scheduleWithFixedDelay(this::probe, 0, PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean reachable() {
        return everAnswered && nanoTime.getAsLong() - lastAnswerNanos < ANSWER_VALID_NANOS;
    }

    private void probe() {
        try {
            admin.describeCluster().clusterId().get(PROBE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            lastAnswerNanos = nanoTime.getAsLong();
            everAnswered = true;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // reachable() turns false when the last answer has become too old.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        prober.shutdownNow();
        // A probe in flight is of no use any more; an absent broker must not delay the shutdown.
        admin.close(Duration.ofSeconds(1));
    }
}
