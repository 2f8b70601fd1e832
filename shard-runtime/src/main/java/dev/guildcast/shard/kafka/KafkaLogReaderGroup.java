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

/// Reads several logs of a node with one consumer, on one thread: an event for many shards of a node arrives in one
/// fetch, and shards without traffic cause no fetches of their own.
///
/// - **Owner:** its thread; [#open], [KafkaLogReader#close] and [KafkaLogReader#poll] may be called from any thread.
/// - **Bound:** `partitionsMax` logs.
/// - **Promise:** a shard that is slow to poll delays no other; a log that is trimmed fails no other. The group ends
///   when its last log is closed.
final class KafkaLogReaderGroup {
    /// Any change wakes the poll up, so that its timeout only bounds a missed wake-up.
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    /// Pause, 10 ms, while all its logs have failed and are not closed yet: there is nothing to poll.
    private static final long IDLE_PARK_NANOS = 10_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final int partitionsMax;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /// Readers of the assigned partitions; used by the thread only.
    private final Map<TopicPartition, KafkaLogReader> assignedReaders = new HashMap<>();

    // Guarded by this.
    private final Map<TopicPartition, KafkaLogReader> openReaders = new HashMap<>();
    private boolean ended;
    private Set<TopicPartition> failedPartitions = Set.of();

    /// @param consumer used by this group alone and closed at its end
    KafkaLogReaderGroup(Consumer<byte[], byte[]> consumer, int partitionsMax) {
        this.consumer = consumer;
        this.partitionsMax = partitionsMax;
    }

    void start() {
        Thread.ofPlatform().name("log-readers").daemon(true).start(this::run);
    }

    /// Reads one more log.
    ///
    /// @return null if this group has ended, is full, or reads this log already
    synchronized @Nullable KafkaLogReader open(TopicPartition partition, long from) {
        if (ended || openReaders.size() >= partitionsMax || openReaders.containsKey(partition)) {
            return null;
        }
        var reader = new KafkaLogReader(partition, this);
        openReaders.put(partition, reader);
        execute(() -> {
            assignedReaders.put(partition, reader);
            consumer.assign(assignedReaders.keySet());
            consumer.seek(partition, from);
        });
        return reader;
    }

    synchronized void remove(KafkaLogReader reader) {
        if (openReaders.remove(reader.partition(), reader)) {
            execute(() -> unassign(reader));
        }
    }

    void resume(KafkaLogReader reader) {
        execute(() -> {
            if (assignedReaders.get(reader.partition()) == reader) {
                consumer.resume(List.of(reader.partition()));
            }
        });
    }

    /// The partitions that it read when it ended by a failure that names none of them.
    synchronized Set<TopicPartition> failedPartitions() {
        return failedPartitions;
    }

    synchronized boolean ended() {
        return ended;
    }

    private void execute(Runnable task) {
        tasks.add(task);
        consumer.wakeup();
    }

    // ---- the thread

    private void run() {
        try (consumer) {
            do {
                for (Runnable task; (task = tasks.poll()) != null; ) {
                    task.run();
                }
                if (assignedReaders.isEmpty()) {
                    LockSupport.parkNanos(IDLE_PARK_NANOS);
                } else {
                    pollOnce();
                }
            } while (!endIfEmpty());
        } catch (RuntimeException e) {
            endFailed().forEach(reader -> reader.fail(e));
        }
    }

    private void pollOnce() {
        try {
            var records = consumer.poll(POLL_TIMEOUT);
            for (var partition : records.partitions()) {
                var reader = assignedReaders.get(partition);
                if (reader != null && reader.append(records.records(partition))) {
                    consumer.pause(List.of(partition));
                }
            }
        } catch (WakeupException e) {
            // A change is queued; the caller makes it next.
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> onTrimmed(partition, offset, e));
        } catch (RetriableException e) {
            // The consumer keeps its positions and retries with its own back-off.
        }
    }

    private void onTrimmed(TopicPartition partition, long offset, OffsetOutOfRangeException cause) {
        var reader = assignedReaders.get(partition);
        if (reader != null) {
            unassign(reader);
            reader.fail(new IllegalStateException(
                    "records from offset " + offset + " were deleted by retention before " + partition
                            + " was read; raise coordinator.topics.log-retention, or of a session log"
                            + " coordinator.topics.session-retention and session-size",
                    cause));
        }
    }

    private void unassign(KafkaLogReader reader) {
        if (assignedReaders.remove(reader.partition(), reader)) {
            consumer.assign(assignedReaders.keySet());
        }
    }

    private synchronized boolean endIfEmpty() {
        ended = openReaders.isEmpty() && tasks.isEmpty();
        return ended;
    }

    private synchronized List<KafkaLogReader> endFailed() {
        ended = true;
        failedPartitions = Set.copyOf(openReaders.keySet());
        return List.copyOf(openReaders.values());
    }
}
