package dev.guildcast.benchmark.suite;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/// The latency baseline: the same records through two topics of the same broker, copied by a plain loop.
///
/// - **Owner:** two threads of its own; [#close] ends them and deletes the topics.
final class KafkaHops implements AutoCloseable {
    private static final String FIRST = "benchmark.first";
    private static final String SECOND = "benchmark.second";
    /// Only bounds how long closing takes: records end a poll at once.
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> settings;
    private final Admin admin;
    private final KafkaProducer<Long, byte[]> producer;
    private final Histogram latencies;
    private final List<Thread> threads;
    private volatile boolean stopping;

    /// @param bootstrap the broker
    KafkaHops(String bootstrap) throws Exception {
        settings = Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "0");
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        admin.createTopics(List.of(new NewTopic(FIRST, 1, (short) 1), new NewTopic(SECOND, 1, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        producer = new KafkaProducer<>(settings, new LongSerializer(), new ByteArraySerializer());
        latencies = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
        threads = List.of(
                Thread.ofPlatform().name("hop-1").start(() -> copy()),
                Thread.ofPlatform().name("hop-2").start(this::measure));
    }

    void send(long dueNanos, byte[] value) {
        producer.send(new ProducerRecord<>(FIRST, dueNanos, value));
    }

    /// Latencies in nanoseconds since the last reset.
    Histogram latencies() {
        return latencies;
    }

    private void copy() {
        try (var out = new KafkaProducer<>(settings, new LongSerializer(), new ByteArraySerializer())) {
            read(FIRST, (due, value) -> out.send(new ProducerRecord<>(SECOND, due, value)));
        }
    }

    private void measure() {
        read(SECOND, (due, value) -> latencies.recordValue(Math.max(0, System.nanoTime() - due)));
    }

    private interface RecordHandler {
        void onRecord(Long due, byte[] value);
    }

    private void read(String topic, RecordHandler handler) {
        try (var in = new KafkaConsumer<>(
                Map.of("bootstrap.servers", settings.get("bootstrap.servers")),
                new LongDeserializer(),
                new ByteArrayDeserializer())) {
            var partition = List.of(new TopicPartition(topic, 0));
            in.assign(partition);
            in.seekToBeginning(partition);
            while (!stopping) {
                in.poll(POLL).forEach(record -> handler.onRecord(record.key(), record.value()));
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        for (var thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        producer.close();
        admin.deleteTopics(List.of(FIRST, SECOND));
        admin.close(Duration.ofSeconds(10));
    }
}
