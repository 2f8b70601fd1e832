package dev.guildcast.session.resume;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.delivery.v1.SessionRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads session logs at given offsets, one request after another.
///
/// - **Owner:** a thread and a consumer of its own; requests come from shards' loops.
/// - **Bound:** [#REQUESTS_MAX] requests; a result holds at most [#RESULT_BYTES_MAX] plus one record, and is returned
///   after [#READ_TIMEOUT] with the records found by then.
/// - **Promise:** every accepted request is answered.
final class KafkaLogPayloadReader implements LogPayloadReader, AutoCloseable {
    /// Deep enough for a reconnect of many clients at once; a request beyond it is offered again at the next tick.
    static final int REQUESTS_MAX = 1024;
    /// Bounds what one slow client may hold in memory between two of its turns.
    private static final int RESULT_BYTES_MAX = 1 << 20;
    /// Kafka's default; a result is seldom larger than one fetch.
    private static final int FETCH_BYTES_MAX = 1 << 20;
    /// Keeps one slow partition from delaying the requests behind it for long.
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);
    /// How soon `close` is noticed; records that arrive are returned at once.
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final Logger log = LoggerFactory.getLogger(KafkaLogPayloadReader.class);

    private record Request(int shard, long[] offsets, Consumer<ReadResult> reply) {}

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(REQUESTS_MAX);
    private final Thread thread;
    private volatile boolean closed;

    KafkaLogPayloadReader(String bootstrapServers, String topic) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "client.id",
                        "session-replay",
                        "auto.offset.reset",
                        "none",
                        "enable.auto.commit",
                        false,
                        "isolation.level",
                        "read_uncommitted",
                        "allow.auto.create.topics",
                        false,
                        // What is read exists already: waiting for more would only delay the next replay.
                        "fetch.max.wait.ms",
                        100,
                        "max.partition.fetch.bytes",
                        FETCH_BYTES_MAX,
                        // A client that resumes waits for the read: it is retried instead of hanging on a lost broker.
                        "default.api.timeout.ms",
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("session-replay").daemon(true).start(this::run);
    }

    @Override
    public Offer offerRead(int shard, long[] offsets, Consumer<ReadResult> reply) {
        if (closed) {
            return Offer.CLOSED;
        }
        return requests.offer(new Request(shard, offsets.clone(), reply)) ? Offer.ACCEPTED : Offer.FULL;
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                var request = requests.poll(POLL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                if (request != null) {
                    request.reply.accept(read(request));
                }
            }
        } catch (InterruptedException | WakeupException e) {
            log.debug("the reader of session logs was interrupted and stops");
        }
        for (var request = requests.poll(); request != null; request = requests.poll()) {
            request.reply.accept(new ReadResult.Failed());
        }
    }

    private ReadResult read(Request request) {
        try {
            return readRecords(request);
        } catch (OffsetOutOfRangeException e) {
            return new ReadResult.Trimmed();
        } catch (WakeupException e) {
            return new ReadResult.Failed();
        } catch (KafkaException | InvalidProtocolBufferException e) {
            log.warn(
                    "the log of session shard {} could not be read for a replay, which is retried at the next tick: {}",
                    request.shard,
                    e.toString());
            return new ReadResult.Failed();
        }
    }

    private ReadResult readRecords(Request request) throws InvalidProtocolBufferException {
        var partition = new TopicPartition(topic, request.shard);
        Set<Long> wanted = new HashSet<>();
        Arrays.stream(request.offsets).forEach(wanted::add);
        long last = request.offsets[request.offsets.length - 1];
        Map<Long, LoggedRecord> found = new HashMap<>();
        long foundBytes = 0;
        consumer.assign(List.of(partition));
        consumer.seek(partition, request.offsets[0]);
        long deadlineNanos = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (found.size() < request.offsets.length
                && foundBytes < RESULT_BYTES_MAX
                && consumer.position(partition) <= last
                && System.nanoTime() - deadlineNanos < 0) {
            for (var record : consumer.poll(POLL_TIMEOUT).records(partition)) {
                if (foundBytes < RESULT_BYTES_MAX && wanted.contains(record.offset())) {
                    found.put(
                            record.offset(),
                            new LoggedRecord(SessionRecord.parseFrom(record.value()), record.timestamp()));
                    foundBytes += record.value().length;
                }
            }
        }
        if (found.containsKey(request.offsets[0])) {
            return new ReadResult.Records(found);
        }
        // The position is past the offset without its record: the log does not hold it any more.
        return consumer.position(partition) > request.offsets[0] ? new ReadResult.Trimmed() : new ReadResult.Failed();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            // As long as one call to Kafka may take.
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
