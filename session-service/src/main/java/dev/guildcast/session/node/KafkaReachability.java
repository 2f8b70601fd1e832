package dev.guildcast.session.node;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/// Whether Kafka has answered lately.
///
/// - **Owner:** asks on a thread of its own; answers to any.
/// - **Bound:** one question in [#EVERY].
public final class KafkaReachability implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final long ANSWER_MILLIS = 2_000;
    private static final long GOOD_FOR_NANOS = Duration.ofSeconds(10).toNanos();

    private final Admin admin;
    private final ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kafka-reachability").daemon(true).factory());
    private volatile boolean answered;
    private volatile long answeredAt;

    public KafkaReachability(String bootstrapServers) {
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "session-health",
                "request.timeout.ms",
                2_000,
                "default.api.timeout.ms",
                2_000));
        var unused = asking.scheduleWithFixedDelay(this::ask, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean reachable() {
        return answered && System.nanoTime() - answeredAt < GOOD_FOR_NANOS;
    }

    private void ask() {
        try {
            admin.describeCluster().clusterId().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            answeredAt = System.nanoTime();
            answered = true;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // The age of the last answer tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        asking.shutdownNow();
        admin.close(Duration.ofSeconds(1));
    }
}
