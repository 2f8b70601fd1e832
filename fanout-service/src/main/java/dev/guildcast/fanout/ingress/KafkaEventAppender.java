package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Appends with one idempotent producer: acknowledged by all in-sync replicas, in the order of the calls.
///
/// - **Owner:** any thread may append. The producer may block while it has no metadata, so one thread sends.
/// - **Bound:** requests that wait for that thread, as many as events may be in flight; the producer's own buffer.
/// - **Cost:** a request to the broker costs as much as the records in it, and so do the fetches that follow it on the
///   whole path. A single event is sent at once; those within the burst interval after it are sent together
///   when the interval has passed.
/// - **Promise:** an append that waited longer than the append timeout fails, sent or not. When one fails, unsent
///   requests for the same partition that were made before the failure was known fail too: none may be appended where
///   the failed one belongs when it is repeated.
final class KafkaEventAppender implements EventAppender, AutoCloseable {
    /// Above the largest record of 8 MiB and below the 10 MiB that the topics accept.
    private static final int REQUEST_BYTES_MAX = 9 << 20;
    /// Milliseconds in which the records of a burst join one batch of the producer; the least that does.
    private static final int LINGER_MILLIS = 1;
    /// Records that the brokers have not acknowledged, at least seven of the largest; when it is full, a send blocks
    /// for [#BLOCK_MAX] and fails.
    private static final int BUFFER_BYTES = 64 << 20;
    /// How long a send may block for metadata or buffer. All appends wait behind it, so it is well below the default
    /// append timeout.
    private static final Duration BLOCK_MAX = Duration.ofSeconds(2);
    /// Time at a stop for sent records to be acknowledged; the others fail as unavailable, and their publishers repeat
    /// them.
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final String CLOSING = "the ingress is closing";

    private final Topics topics;
    private final long timeoutNanos;
    private final Producer<byte[], byte[]> producer;
    private final BlockingQueue<AppendRequest> requests;
    private final long burstNanos;
    private final LongSupplier nanoTime;
    private final Thread sender;
    private volatile boolean closed;
    /// When an append to a partition last failed, by the monotonic clock.
    private final Map<LogPartition, Long> failedNanos = new ConcurrentHashMap<>();

    private record LogPartition(Log log, int partition) {}

    private record AppendRequest(
            LogPartition logPartition, byte[] record, long requestedNanos, CompletableFuture<Appended> appended) {}

    /// @param client how to reach the brokers
    /// @param burstInterval shortest time between two bursts of sends
    /// @param requestsMax appends that may wait to be sent
    KafkaEventAppender(
            Map<String, Object> client,
            Topics topics,
            Duration timeout,
            Duration burstInterval,
            int requestsMax,
            LongSupplier nanoTime) {
        this(
                new KafkaProducer<>(settings(client, timeout), new ByteArraySerializer(), new ByteArraySerializer()),
                topics,
                timeout,
                burstInterval,
                requestsMax,
                nanoTime);
    }

    KafkaEventAppender(
            Producer<byte[], byte[]> producer,
            Topics topics,
            Duration timeout,
            Duration burstInterval,
            int requestsMax,
            LongSupplier nanoTime) {
        this.topics = topics;
        this.timeoutNanos = timeout.toNanos();
        this.producer = producer;
        this.burstNanos = burstInterval.toNanos();
        this.nanoTime = nanoTime;
        this.requests = new LinkedBlockingQueue<>(requestsMax);
        this.sender = Thread.ofPlatform().name("ingress-append").daemon(true).start(this::run);
    }

    private static Map<String, Object> settings(Map<String, Object> client, Duration timeout) {
        var settings = new HashMap<>(client);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
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
        var request = new AppendRequest(new LogPartition(log, partition), record, nanoTime.getAsLong(), appended);
        if (!requests.offer(request)) {
            appended.completeExceptionally(new LogUnavailable("too many appends wait"));
        } else if (closed && requests.remove(request)) {
            appended.completeExceptionally(new LogUnavailable(CLOSING));
        }
        return appended;
    }

    private void run() {
        var burst = new ArrayList<AppendRequest>();
        try {
            while (true) {
                burst.add(requests.take());
                requests.drainTo(burst);
                long from = nanoTime.getAsLong();
                burst.forEach(this::send);
                burst.clear();
                TimeUnit.NANOSECONDS.sleep(from + burstNanos - nanoTime.getAsLong());
            }
        } catch (InterruptedException e) {
            requests.drainTo(burst);
            burst.forEach(request -> request.appended().completeExceptionally(new LogUnavailable(CLOSING)));
        }
    }

    private void send(AppendRequest request) {
        var logPartition = request.logPartition();
        var appended = request.appended();
        Long failed = failedNanos.get(logPartition);
        if (failed != null && request.requestedNanos() - failed <= 0) {
            appended.completeExceptionally(new LogUnavailable("a record before it was not appended"));
            return;
        }
        if (nanoTime.getAsLong() - request.requestedNanos() > timeoutNanos) {
            fail(logPartition, appended, new LogUnavailable("the log did not answer in time"));
            return;
        }
        try {
            var record = new ProducerRecord<byte[], byte[]>(
                    topic(logPartition.log()), logPartition.partition(), null, request.record());
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    appended.complete(new Appended(logPartition.log(), logPartition.partition(), metadata.offset()));
                } else {
                    fail(logPartition, appended, reason(failure));
                }
            });
        } catch (RuntimeException e) {
            fail(logPartition, appended, reason(e));
        }
    }

    /// Fails the caller before recording the time: an append requested after that time knows of the failure.
    private void fail(LogPartition logPartition, CompletableFuture<Appended> appended, RuntimeException reason) {
        appended.completeExceptionally(reason);
        if (reason instanceof LogUnavailable) {
            failedNanos.put(logPartition, nanoTime.getAsLong());
        }
    }

    private static RuntimeException reason(Exception failure) {
        return failure instanceof RecordTooLargeException
                ? new RecordTooLarge()
                : new LogUnavailable(failure.getClass().getSimpleName());
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
        closed = true;
        sender.interrupt();
        producer.close(CLOSE_MAX);
    }
}
