package dev.guildcast.shard.kafka;

import dev.guildcast.shard.kafka.KafkaOffsets.Bound;
import dev.guildcast.shard.storage.EphemeralReader;
import dev.guildcast.shard.storage.ShardStorage.LogEntry;
import dev.guildcast.shard.storage.ShardStorage.LogLostException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the ephemeral lane of one shard: from a little before its end, and forward over whatever cannot be read.
///
/// A shard that was busy with its log for longer than the lane's retention continues with the oldest record that is
/// left; after any other failure it continues at the end. The brokers are asked for these offsets without waiting, so
/// that a lane without a leader delays nothing.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** that of [KafkaLogReader]; one lookup at a time.
/// - **Promise:** no failure of the lane reaches the shard.
final class KafkaEphemeralReader implements EphemeralReader, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaEphemeralReader.class);
    /// Before another attempt: the lane is worth little by then, and a broker that is away must not be flooded.
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /// No record was read, so no position is known.
    private static final long UNKNOWN = -1;

    private final TopicPartition lane;
    private final KafkaLogReaders readers;
    private final KafkaOffsets lookup;
    private final LongSupplier nanoTime;
    private Runnable signal = () -> {};
    private @Nullable KafkaLogReader reader;
    private @Nullable CompletableFuture<Long> offset;
    private Bound bound = Bound.RECENT;
    private long position = UNKNOWN;
    private long retryAtNanos;
    private boolean failureLogged;
    private long trimmed;
    private long unreadable;

    /// @param readers of lanes only: a lane that fails a consumer must not fail a log
    KafkaEphemeralReader(TopicPartition lane, KafkaLogReaders readers, KafkaOffsets lookup, LongSupplier nanoTime) {
        this.lane = lane;
        this.readers = readers;
        this.lookup = lookup;
        this.nanoTime = nanoTime;
        this.retryAtNanos = nanoTime.getAsLong();
        locate(Bound.RECENT);
    }

    @Override
    public @Nullable LogEntry poll() {
        var reading = reader;
        if (reading == null) {
            reading = openWhenLocated();
        }
        if (reading == null) {
            return null;
        }
        try {
            var entry = reading.poll();
            if (entry != null) {
                position = entry.offset() + 1;
            }
            return entry;
        } catch (LogLostException e) {
            log.debug("the lane {} is read on further ahead: {}", lane, e.getMessage());
            reading.close();
            reader = null;
            locate(position == UNKNOWN ? Bound.RECENT : Bound.START);
            return null;
        }
    }

    @Override
    public void onArrival(Runnable newSignal) {
        signal = newSignal;
        newSignal.run();
    }

    @Override
    public Skipped takeSkipped() {
        if (trimmed == 0 && unreadable == 0) {
            return Skipped.NOTHING;
        }
        var skipped = new Skipped(trimmed, unreadable);
        trimmed = 0;
        unreadable = 0;
        return skipped;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }

    private void locate(Bound wanted) {
        bound = wanted;
        try {
            offset = Objects.requireNonNull(lookup.lookUp(Set.of(lane), wanted).get(lane))
                    .toCompletableFuture();
        } catch (RuntimeException e) {
            offset = CompletableFuture.failedFuture(e);
        }
    }

    private @Nullable KafkaLogReader openWhenLocated() {
        var located = offset;
        if (located == null) {
            if (nanoTime.getAsLong() - retryAtNanos >= 0) {
                locate(bound);
            }
            return null;
        }
        if (!located.isDone()) {
            return null;
        }
        offset = null;
        try {
            return open(located.join());
        } catch (RuntimeException e) {
            if (!failureLogged) {
                failureLogged = true;
                log.warn(
                        "the lane {} cannot be read: {}; its typing and presence events are not delivered until it can,"
                                + " and attempts continue",
                        lane,
                        e.toString());
            }
            retryAtNanos = nanoTime.getAsLong() + RETRY_AFTER.toNanos();
            return null;
        }
    }

    private @Nullable KafkaLogReader open(long found) {
        if (bound == Bound.START && found <= position) {
            // Nothing was removed: the record at the position cannot be read, or is not there yet.
            locate(Bound.END);
            return null;
        }
        var opened = readers.open(lane, found);
        if (position != UNKNOWN) {
            long skipped = Math.max(0, found - position);
            trimmed += bound == Bound.START ? skipped : 0;
            unreadable += bound == Bound.START ? 0 : skipped;
        }
        position = found;
        failureLogged = false;
        opened.onArrival(signal);
        reader = opened;
        return opened;
    }
}
