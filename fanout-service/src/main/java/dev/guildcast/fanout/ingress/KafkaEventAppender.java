package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Appends by one idempotent producer: acknowledged by all in-sync replicas, in the order of the calls.
///
/// - **Owner:** any thread may append. The producer may block while it knows no metadata, so one thread sends.
/// - **Bound:** appends that wait for that thread, as many as events may be in flight; the producer's own buffer.
/// - **Promise:** an append that waited longer than the append timeout fails, sent or not. When one fails, those for
///   the same partition that were asked for before that was known and are not sent yet fail, too: none may stand where
///   the failed one should have stood when it is repeated.
final class KafkaEventAppender implements EventAppender, AutoCloseable {
    private static final int REQUEST_BYTES_MAX = 9 << 20;
    private static final int BUFFER_BYTES = 64 << 20;
    private static final Duration BLOCK_MAX = Duration.ofSeconds(2);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Topics topics;
    private final long timeoutNanos;
    private final Producer<byte[], byte[]> producer;
    private final ExecutorService sender;
    /// When an append to a partition was last known to have failed.
    private final Map<Place, Long> failedNanos = new ConcurrentHashMap<>();

    private record Place(Log log, int partition) {}

    /// @param client how to reach the brokers
    /// @param waitingMax appends that may wait to be sent
    KafkaEventAppender(Map<String, Object> client, Topics topics, Duration timeout, int waitingMax) {
        this(
                new KafkaProducer<>(settings(client, timeout), new ByteArraySerializer(), new ByteArraySerializer()),
                topics,
                timeout,
                waitingMax);
    }

    KafkaEventAppender(Producer<byte[], byte[]> producer, Topics topics, Duration timeout, int waitingMax) {
        this.topics = topics;
        this.timeoutNanos = timeout.toNanos();
        this.producer = producer;
        this.sender = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waitingMax),
                Thread.ofPlatform().name("ingress-append").factory());
    }

    private static Map<String, Object> settings(Map<String, Object> client, Duration timeout) {
        var settings = new HashMap<>(client);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MAX.toMillis());
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.max(1, timeout.toMillis() / 2));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        return settings;
    }

    @Override
    public CompletableFuture<Appended> append(Log log, int partition, byte[] record) {
        var appended = new CompletableFuture<Appended>();
        long asked = System.nanoTime();
        try {
            sender.execute(() -> send(log, partition, record, asked, appended));
        } catch (RejectedExecutionException e) {
            appended.completeExceptionally(new Unavailable("too many appends wait"));
        }
        return appended;
    }

    private void send(Log log, int partition, byte[] record, long asked, CompletableFuture<Appended> appended) {
        var place = new Place(log, partition);
        Long failed = failedNanos.get(place);
        if (failed != null && asked - failed <= 0) {
            appended.completeExceptionally(new Unavailable("a record before it was not appended"));
            return;
        }
        if (System.nanoTime() - asked > timeoutNanos) {
            fail(place, appended, new Unavailable("the log did not answer in time"));
            return;
        }
        try {
            var unused =
                    producer.send(new ProducerRecord<>(topic(log), partition, null, record), (metadata, failure) -> {
                        if (failure == null) {
                            appended.complete(new Appended(log, partition, metadata.offset()));
                        } else {
                            fail(place, appended, reason(failure));
                        }
                    });
        } catch (RuntimeException e) {
            fail(place, appended, reason(e));
        }
    }

    /// First those who asked are told, then the line is drawn: whoever asks after it knows.
    private void fail(Place place, CompletableFuture<Appended> appended, RuntimeException reason) {
        appended.completeExceptionally(reason);
        if (reason instanceof Unavailable) {
            failedNanos.put(place, System.nanoTime());
        }
    }

    private static RuntimeException reason(Exception failure) {
        return failure instanceof RecordTooLargeException
                ? new TooLarge()
                : new Unavailable(failure.getClass().getSimpleName());
    }

    private String topic(Log log) {
        return switch (log) {
            case GUILD_EVENTS -> topics.guildEvents();
            case GUILD_EPHEMERAL -> topics.guildEphemeral();
            case USER_EVENTS -> topics.userEvents();
        };
    }

    @Override
    public void close() {
        sender.shutdownNow();
        producer.close(CLOSE_MAX);
    }
}
