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
/// - **Cost:** a request to the broker costs as much as the records in it, and so do the fetches that it sets off on
/// the
///   whole way. An event that comes alone is sent at once; those that come within the burst interval of it go together
///   when it has passed.
/// - **Promise:** an append that waited longer than the append timeout fails, sent or not. When one fails, those for
///   the same partition that were asked for before that was known and are not sent yet fail, too: none may stand where
///   the failed one should have stood when it is repeated.
final class KafkaEventAppender implements EventAppender, AutoCloseable {
    private static final int REQUEST_BYTES_MAX = 9 << 20;
    /// Lets the records of a burst find each other in the producer.
    private static final int LINGER_MILLIS = 1;
    private static final int BUFFER_BYTES = 64 << 20;
    private static final Duration BLOCK_MAX = Duration.ofSeconds(2);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final String CLOSING = "the ingress is closing";

    private final Topics topics;
    private final long timeoutNanos;
    private final Producer<byte[], byte[]> producer;
    private final BlockingQueue<Waiting> waiting;
    private final long burstNanos;
    private final Thread sender;
    private volatile boolean closed;
    /// When an append to a partition was last known to have failed.
    private final Map<Place, Long> failedNanos = new ConcurrentHashMap<>();

    private record Place(Log log, int partition) {}

    private record Waiting(Place place, byte[] record, long askedNanos, CompletableFuture<Appended> appended) {}

    /// @param client how to reach the brokers
    /// @param burstInterval shortest time between two bursts of sends
    /// @param waitingMax appends that may wait to be sent
    KafkaEventAppender(
            Map<String, Object> client, Topics topics, Duration timeout, Duration burstInterval, int waitingMax) {
        this(
                new KafkaProducer<>(settings(client, timeout), new ByteArraySerializer(), new ByteArraySerializer()),
                topics,
                timeout,
                burstInterval,
                waitingMax);
    }

    KafkaEventAppender(
            Producer<byte[], byte[]> producer,
            Topics topics,
            Duration timeout,
            Duration burstInterval,
            int waitingMax) {
        this.topics = topics;
        this.timeoutNanos = timeout.toNanos();
        this.producer = producer;
        this.burstNanos = burstInterval.toNanos();
        this.waiting = new LinkedBlockingQueue<>(waitingMax);
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
        var one = new Waiting(new Place(log, partition), record, System.nanoTime(), appended);
        if (!waiting.offer(one)) {
            appended.completeExceptionally(new Unavailable("too many appends wait"));
        } else if (closed && waiting.remove(one)) {
            appended.completeExceptionally(new Unavailable(CLOSING));
        }
        return appended;
    }

    private void run() {
        var burst = new ArrayList<Waiting>();
        try {
            while (true) {
                burst.add(waiting.take());
                waiting.drainTo(burst);
                long from = System.nanoTime();
                burst.forEach(this::send);
                burst.clear();
                TimeUnit.NANOSECONDS.sleep(from + burstNanos - System.nanoTime());
            }
        } catch (InterruptedException e) {
            waiting.drainTo(burst);
            burst.forEach(one -> one.appended().completeExceptionally(new Unavailable(CLOSING)));
        }
    }

    private void send(Waiting one) {
        var place = one.place();
        var appended = one.appended();
        Long failed = failedNanos.get(place);
        if (failed != null && one.askedNanos() - failed <= 0) {
            appended.completeExceptionally(new Unavailable("a record before it was not appended"));
            return;
        }
        if (System.nanoTime() - one.askedNanos() > timeoutNanos) {
            fail(place, appended, new Unavailable("the log did not answer in time"));
            return;
        }
        try {
            var record = new ProducerRecord<byte[], byte[]>(topic(place.log()), place.partition(), null, one.record());
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    appended.complete(new Appended(place.log(), place.partition(), metadata.offset()));
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
        closed = true;
        sender.interrupt();
        producer.close(CLOSE_MAX);
    }
}
