package dev.guildcast.shard.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// Reads several logs of a node by one consumer, on one thread: an event that goes to many shards of a node comes by
/// one
/// fetch, and shards without traffic cost none of their own.
///
/// - **Owner:** its thread; [#open], [KafkaLogReader#close] and [KafkaLogReader#poll] may be called from any.
/// - **Bound:** `partitionsMax` logs.
/// - **Promise:** a shard that is slow to take its records holds up no other; a log that is trimmed fails no other. It
///   ends with the last log it reads.
final class KafkaLogReaderGroup {
    private static final Duration POLL_AT_MOST = Duration.ofSeconds(1);
    /// While all its logs have failed and their shards have not left yet.
    private static final long EMPTY_PAUSE_NANOS = 10_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final int partitionsMax;
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    /// Of the thread.
    private final Map<TopicPartition, KafkaLogReader> readers = new HashMap<>();

    // Guarded by this.
    private final Map<TopicPartition, KafkaLogReader> held = new HashMap<>();
    private boolean ended;
    private Set<TopicPartition> lostLogs = Set.of();

    /// @param consumer of this group's own; it is closed at the end
    KafkaLogReaderGroup(Consumer<byte[], byte[]> consumer, int partitionsMax) {
        this.consumer = consumer;
        this.partitionsMax = partitionsMax;
    }

    void start() {
        Thread.ofPlatform().name("log-readers").daemon(true).start(this::run);
    }

    /// Reads one more log.
    ///
    /// @return null if this group has ended, has enough, or reads this log already
    synchronized @Nullable KafkaLogReader open(TopicPartition partition, long from) {
        if (ended || held.size() >= partitionsMax || held.containsKey(partition)) {
            return null;
        }
        var reader = new KafkaLogReader(partition, this);
        held.put(partition, reader);
        change(() -> {
            readers.put(partition, reader);
            consumer.assign(readers.keySet());
            consumer.seek(partition, from);
        });
        return reader;
    }

    synchronized void leave(KafkaLogReader reader) {
        if (held.remove(reader.partition(), reader)) {
            change(() -> drop(reader));
        }
    }

    void readOn(KafkaLogReader reader) {
        change(() -> {
            if (readers.get(reader.partition()) == reader) {
                consumer.resume(List.of(reader.partition()));
            }
        });
    }

    /// The logs that it read when it ended by a failure that names none of them.
    synchronized Set<TopicPartition> lostLogs() {
        return lostLogs;
    }

    synchronized boolean ended() {
        return ended;
    }

    private void change(Runnable change) {
        changes.add(change);
        consumer.wakeup();
    }

    // ---- the thread

    private void run() {
        try (consumer) {
            do {
                for (Runnable change; (change = changes.poll()) != null; ) {
                    change.run();
                }
                if (readers.isEmpty()) {
                    LockSupport.parkNanos(EMPTY_PAUSE_NANOS);
                } else {
                    read();
                }
            } while (!endsEmpty());
        } catch (RuntimeException e) {
            lose().forEach(reader -> reader.fail(e));
        }
    }

    private void read() {
        try {
            var records = consumer.poll(POLL_AT_MOST);
            for (var partition : records.partitions()) {
                var reader = readers.get(partition);
                if (reader != null && reader.fill(records.records(partition))) {
                    consumer.pause(List.of(partition));
                }
            }
        } catch (WakeupException e) {
            // There is a change to be made.
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> trimmed(partition, offset, e));
        } catch (RetriableException e) {
            // The client keeps its positions; it tries again with its own back-off.
        }
    }

    private void trimmed(TopicPartition partition, long offset, OffsetOutOfRangeException cause) {
        var reader = readers.get(partition);
        if (reader != null) {
            drop(reader);
            reader.fail(new IllegalStateException("trimmed past offset " + offset, cause));
        }
    }

    private void drop(KafkaLogReader reader) {
        if (readers.remove(reader.partition(), reader)) {
            consumer.assign(readers.keySet());
        }
    }

    private synchronized boolean endsEmpty() {
        ended = held.isEmpty() && changes.isEmpty();
        return ended;
    }

    private synchronized List<KafkaLogReader> lose() {
        ended = true;
        lostLogs = Set.copyOf(held.keySet());
        return List.copyOf(held.values());
    }
}
