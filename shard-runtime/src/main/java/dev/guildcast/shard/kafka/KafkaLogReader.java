package dev.guildcast.shard.kafka;

import dev.guildcast.shard.ShardStorage.LogEntry;
import dev.guildcast.shard.ShardStorage.LogLostException;
import dev.guildcast.shard.ShardStorage.LogReader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// Reads one partition on a thread of its own and hands its records over in order.
///
/// - **Owner:** its thread fills, the shard's loop empties.
/// - **Bound:** [#READ_AHEAD_RECORDS] records, besides one fetch.
/// - **Promise:** every record from the first offset on, once, in order; or an end with a reason.
final class KafkaLogReader implements LogReader, AutoCloseable {
    static final int READ_AHEAD_RECORDS = 4_000;
    private static final Duration POLL_AT_MOST = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<LogEntry> entries = new ConcurrentLinkedQueue<>();
    private final Semaphore room = new Semaphore(READ_AHEAD_RECORDS);
    private volatile Runnable signal = () -> {};
    private volatile @Nullable Exception failure;
    private volatile boolean closed;

    KafkaLogReader(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long from) {
        this.consumer = consumer;
        this.partition = partition;
        Thread.ofPlatform().name("log-" + partition).daemon(true).start(() -> run(from));
    }

    @Override
    public @Nullable LogEntry poll() throws LogLostException {
        var entry = entries.poll();
        if (entry != null) {
            room.release();
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
        closed = true;
        consumer.wakeup();
    }

    private void run(long from) {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            while (!closed) {
                read();
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            fail(e);
        } catch (OffsetOutOfRangeException e) {
            fail(new IllegalStateException("trimmed past offset " + from, e));
        } catch (KafkaException e) {
            fail(e);
        }
    }

    private void read() throws InterruptedException {
        try {
            for (var record : consumer.poll(POLL_AT_MOST).records(partition)) {
                while (!room.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    if (closed) {
                        return;
                    }
                }
                entries.add(new LogEntry(
                        record.offset(), record.timestamp(), Objects.requireNonNullElse(record.value(), new byte[0])));
                signal.run();
            }
        } catch (RetriableException e) {
            // The client keeps its position; it tries again with its own back-off.
        }
    }

    private void fail(Exception e) {
        if (!closed) {
            failure = e;
            signal.run();
        }
    }
}
