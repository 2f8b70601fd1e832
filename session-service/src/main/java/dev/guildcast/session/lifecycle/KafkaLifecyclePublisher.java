package dev.guildcast.session.lifecycle;

import dev.guildcast.delivery.v1.SessionLifecycle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes lifecycle events to their topic: the key is the user's id in decimal, the partition the session shard.
///
/// - **Owner:** a thread and a producer of its own.
/// - **Bound:** [#PENDING_MAX] events and the producer's buffer.
/// - **Promise:** the events of one session arrive in order.
final class KafkaLifecyclePublisher implements LifecyclePublisher, AutoCloseable {
    /// Absorbs the closes of a whole node's sessions while Kafka is slow, at some 10 MB.
    private static final int PENDING_MAX = 65_536;
    /// One line a minute shows an outage; each event of it would fill the log.
    private static final long WARN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Logger log = LoggerFactory.getLogger(KafkaLifecyclePublisher.class);

    private record QueuedEvent(int shard, SessionLifecycle event) {}

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final BlockingQueue<QueuedEvent> pendingEvents = new ArrayBlockingQueue<>(PENDING_MAX);
    private final Counter published;
    private final Counter lost;
    private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - WARN_EVERY_NANOS);
    private final Thread thread;
    private volatile boolean closed;

    KafkaLifecyclePublisher(String bootstrapServers, String topic, MeterRegistry registry) {
        this.topic = topic;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "client.id",
                        "session-lifecycle",
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "compression.type",
                        "zstd",
                        "linger.ms",
                        2,
                        "max.block.ms",
                        10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.published = Counter.builder("guildcast.session.lifecycle.published")
                .description("Events of opened and closed sessions written to session.lifecycle")
                .register(registry);
        this.lost = Counter.builder("guildcast.session.lifecycle.lost")
                .description("Events of opened and closed sessions lost: the queue was full or Kafka refused them")
                .register(registry);
        this.thread = Thread.ofPlatform().name("session-lifecycle").daemon(true).start(this::run);
    }

    @Override
    public void offer(int shard, SessionLifecycle event) {
        if (!pendingEvents.offer(new QueuedEvent(shard, event))) {
            onLost("the queue of " + PENDING_MAX + " events is full");
        }
    }

    private void run() {
        try (producer) {
            while (!closed || !pendingEvents.isEmpty()) {
                // How long a close may go unnoticed; events wake the thread at once.
                var next = pendingEvents.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(next);
                }
            }
        } catch (InterruptedException e) {
            log.debug("the publisher of lifecycle events was interrupted and stops");
        }
    }

    private void send(QueuedEvent next) {
        var key = Long.toUnsignedString(next.event.getUserId()).getBytes(StandardCharsets.UTF_8);
        try {
            var unused = producer.send(
                    new ProducerRecord<>(topic, next.shard, key, next.event.toByteArray()), (metadata, failure) -> {
                        if (failure == null) {
                            published.increment();
                        } else {
                            onLost(failure.toString());
                        }
                    });
        } catch (KafkaException e) {
            onLost(e.toString());
        }
    }

    private void onLost(String why) {
        lost.increment();
        long nowNanos = System.nanoTime();
        long last = warnedNanos.get();
        if (nowNanos - last >= WARN_EVERY_NANOS && warnedNanos.compareAndSet(last, nowNanos)) {
            log.warn(
                    "starts and ends of sessions cannot be written to {}: {}; users whose session ended stay online and in"
                            + " voice until a timeout; guildcast.session.lifecycle.lost counts the events",
                    topic,
                    why);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            // Enough to send what is queued to a broker that can be reached.
            if (!thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
