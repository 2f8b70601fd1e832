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
/// - **Bound:** [#WAITING_MAX] requests; an answer holds [#ANSWER_BYTES] and one record at most, and is given after
///   [#ANSWER_WITHIN] with what has been found.
/// - **Promise:** every accepted request is answered.
public final class KafkaLogPayloadReader implements LogPayloadReader, AutoCloseable {
    static final int WAITING_MAX = 1024;
    private static final int ANSWER_BYTES = 1 << 20;
    private static final int FETCH_BYTES = 1 << 20;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogPayloadReader.class);

    private record Request(int shard, long[] offsets, Consumer<Reading> reply) {}

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BlockingQueue<Request> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;
    private volatile boolean closed;

    public KafkaLogPayloadReader(String bootstrapServers, String topic) {
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
                        "fetch.max.wait.ms",
                        100,
                        "max.partition.fetch.bytes",
                        FETCH_BYTES,
                        "default.api.timeout.ms",
                        5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("session-replay").daemon(true).start(this::run);
    }

    @Override
    public Offer offerRead(int shard, long[] offsets, Consumer<Reading> reply) {
        if (closed) {
            return Offer.CLOSED;
        }
        return waiting.offer(new Request(shard, offsets.clone(), reply)) ? Offer.ACCEPTED : Offer.FULL;
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                var request = waiting.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
                if (request != null) {
                    request.reply.accept(read(request));
                }
            }
        } catch (InterruptedException | WakeupException e) {
            LOG.debug("replay ends");
        }
        for (var request = waiting.poll(); request != null; request = waiting.poll()) {
            request.reply.accept(new Reading.Failed());
        }
    }

    private Reading read(Request request) {
        try {
            return find(request);
        } catch (OffsetOutOfRangeException e) {
            return new Reading.Trimmed();
        } catch (WakeupException e) {
            return new Reading.Failed();
        } catch (KafkaException | InvalidProtocolBufferException e) {
            LOG.warn("session shard {} could not be read for a replay: {}", request.shard, e.toString());
            return new Reading.Failed();
        }
    }

    private Reading find(Request request) throws InvalidProtocolBufferException {
        var partition = new TopicPartition(topic, request.shard);
        Set<Long> wanted = new HashSet<>();
        Arrays.stream(request.offsets).forEach(wanted::add);
        long last = request.offsets[request.offsets.length - 1];
        Map<Long, LoggedRecord> found = new HashMap<>();
        long foundBytes = 0;
        consumer.assign(List.of(partition));
        consumer.seek(partition, request.offsets[0]);
        long until = System.nanoTime() + ANSWER_WITHIN.toNanos();
        while (found.size() < request.offsets.length
                && foundBytes < ANSWER_BYTES
                && consumer.position(partition) <= last
                && System.nanoTime() - until < 0) {
            for (var record : consumer.poll(POLL).records(partition)) {
                if (foundBytes < ANSWER_BYTES && wanted.contains(record.offset())) {
                    found.put(
                            record.offset(),
                            new LoggedRecord(SessionRecord.parseFrom(record.value()), record.timestamp()));
                    foundBytes += record.value().length;
                }
            }
        }
        if (found.containsKey(request.offsets[0])) {
            return new Reading.Records(found);
        }
        // Read past, and not there: this log has never held it, or no longer does.
        return consumer.position(partition) > request.offsets[0] ? new Reading.Trimmed() : new Reading.Failed();
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
