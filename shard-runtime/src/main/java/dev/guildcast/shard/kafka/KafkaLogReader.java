package dev.guildcast.shard.kafka;

import dev.guildcast.shard.ShardStorage.LogEntry;
import dev.guildcast.shard.ShardStorage.LogLostException;
import dev.guildcast.shard.ShardStorage.LogReader;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One shard's part of what its node reads: the records of one partition, in order.
///
/// - **Owner:** its group's thread fills, the shard's loop empties.
/// - **Bound:** [#READ_AHEAD_RECORDS] records, besides those of one poll; nothing more is read meanwhile.
/// - **Promise:** every record from the first offset on, once, in order; or an end with a reason.
final class KafkaLogReader implements LogReader, AutoCloseable {
    static final int READ_AHEAD_RECORDS = 4_000;
    private static final int READ_ON_BELOW = READ_AHEAD_RECORDS / 2;

    private final TopicPartition partition;
    private final KafkaLogReaderGroup group;
    private final Queue<LogEntry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
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
        var entry = entries.poll();
        if (entry != null) {
            if (waiting.decrementAndGet() < READ_ON_BELOW && full.compareAndSet(true, false)) {
                group.readOn(this);
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
        group.leave(this);
    }

    // ---- the group's thread

    /// Takes what was read.
    ///
    /// @return whether that is enough for now; the group is told when it is to read on
    boolean fill(List<ConsumerRecord<byte[], byte[]>> records) {
        for (var record : records) {
            entries.add(new LogEntry(
                    record.offset(), record.timestamp(), Objects.requireNonNullElse(record.value(), new byte[0])));
        }
        boolean enough = waiting.addAndGet(records.size()) >= READ_AHEAD_RECORDS;
        full.set(enough);
        signal.run();
        // The loop may have emptied it before it could see that it is full.
        return enough && !(waiting.get() < READ_ON_BELOW && full.compareAndSet(true, false));
    }

    void fail(Exception reason) {
        failure = reason;
        signal.run();
    }
}
