package dev.guildcast.shard.kafka;

import dev.guildcast.shard.storage.ShardStorage.LogEntry;
import dev.guildcast.shard.storage.ShardStorage.LogLostException;
import dev.guildcast.shard.storage.ShardStorage.LogReader;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads one partition for one shard, by a consumer that its group shares.
///
/// - **Owner:** its group's thread adds records, the shard's loop removes them.
/// - **Bound:** [#READ_AHEAD_RECORDS] records and those of one poll; the partition is paused above it.
/// - **Promise:** returns every record from the first offset on, once and in order, or fails with the cause.
final class KafkaLogReader implements LogReader, AutoCloseable {
    /// Two polls of the consumer, so that the loop has work while the next poll is under way.
    static final int READ_AHEAD_RECORDS = 4_000;
    /// Resumes at half, so that a partition is not paused and resumed with every record.
    private static final int RESUME_BELOW_RECORDS = READ_AHEAD_RECORDS / 2;

    private final TopicPartition partition;
    private final KafkaLogReaderGroup group;
    private final Queue<LogEntry> buffer = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bufferedRecords = new AtomicInteger();
    private final AtomicBoolean full = new AtomicBoolean();
    private volatile Runnable signal = () -> {};
    private volatile @Nullable Exception failure;

    KafkaLogReader(TopicPartition partition, KafkaLogReaderGroup group) {
        this.partition = partition;
        this.group = group;
    }

    TopicPartition partition() {
        return partition;
    }

    @Override
    public @Nullable LogEntry poll() throws LogLostException {
        var entry = buffer.poll();
        if (entry != null) {
            if (bufferedRecords.decrementAndGet() < RESUME_BELOW_RECORDS && full.compareAndSet(true, false)) {
                group.resume(this);
            }
            return entry;
        }
        var failed = failure;
        if (failed != null) {
            throw new LogLostException(partition + ": " + failed.getMessage(), failed);
        }
        return null;
    }

    @Override
    public void onArrival(Runnable newSignal) {
        signal = newSignal;
        newSignal.run();
    }

    @Override
    public void close() {
        group.remove(this);
    }

    // ---- the group's thread

    /// Adds records that were read.
    ///
    /// @return whether the partition is to be paused; the reader resumes it by its group
    boolean append(List<ConsumerRecord<byte[], byte[]>> records) {
        for (var record : records) {
            buffer.add(new LogEntry(
                    record.offset(), record.timestamp(), Objects.requireNonNullElse(record.value(), new byte[0])));
        }
        boolean enough = bufferedRecords.addAndGet(records.size()) >= READ_AHEAD_RECORDS;
        full.set(enough);
        signal.run();
        // The loop may have emptied the buffer before it could see that it was full.
        return enough && !(bufferedRecords.get() < RESUME_BELOW_RECORDS && full.compareAndSet(true, false));
    }

    void fail(Exception reason) {
        failure = reason;
        signal.run();
    }
}
