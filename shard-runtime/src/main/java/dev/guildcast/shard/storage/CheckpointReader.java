package dev.guildcast.shard.storage;

import dev.guildcast.shard.storage.StateReader.StateRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Reads the newest checkpoint of a shard from its state topic, while the shard's owner may go on committing newer
/// ones.
///
/// A checkpoint is one transaction of changed entities, which ends with the position. A reader of the topic meets parts
/// of transactions, because a poll returns as much as fits; so entities count only once the position that follows them
/// is read. And it meets gaps: compaction removes an entity when a later checkpoint contains it, even one above the end
/// at which the read began. But what is missing from a part of the topic was superseded below any end that is fetched
/// *after* that part was read. So the topic is read in rounds, each to an end fetched after the round before it, until
/// a round finds nothing, or finds every offset: then nothing is missing that a later round could supply.
///
/// - **Owner:** one thread, for one restore.
/// - **Bound:** the state of one shard, and one checkpoint.
/// - **Promise:** the result is exactly the state that the owner had at the position returned.
public final class CheckpointReader {
    /// The key of the record that ends each checkpoint: the offset, eight bytes, from which the log follows.
    public static final String POSITION_KEY = "#position";
    /// From the record that ends a checkpoint to the next checkpoint: the marker of the commit takes one offset.
    private static final int OFFSETS_TO_NEXT = 2;

    private final Map<String, byte[]> entities = new HashMap<>();
    /// Records after the last position: a part of a checkpoint, until its own position is read.
    private final List<StateRecord> incomplete = new ArrayList<>();
    private long position;
    private long expectedOffset;
    /// The offset after the last checkpoint.
    private long checkpointEnd;
    /// No offset is missing from here on.
    private long gaplessFrom;

    private CheckpointReader() {}

    /// Reads the newest checkpoint; blocks until it is complete.
    ///
    /// @param result receives every entity, each key once
    /// @return the offset from which the log follows; 0 when there is no checkpoint
    public static long read(StateReader topic, BiConsumer<String, byte[]> result) {
        var reader = new CheckpointReader();
        for (boolean complete = false; !complete; ) {
            complete = reader.readRound(topic);
        }
        reader.entities.forEach(result);
        return reader.position;
    }

    /// Reads to the end as it is now.
    ///
    /// @return whether the entities are those of one checkpoint
    private boolean readRound(StateReader topic) {
        long from = topic.position();
        long end = topic.fetchEnd();
        if (from >= end) {
            return true;
        }
        while (topic.position() < end) {
            topic.poll().forEach(this::onRecord);
        }
        // A round that ends with removed records shows no gap: the last checkpoint below its end must be there, too.
        return gaplessFrom <= from && checkpointEnd >= end;
    }

    private void onRecord(StateRecord record) {
        if (record.offset() != expectedOffset) {
            gaplessFrom = record.offset();
        }
        if (record.key().equals(POSITION_KEY)) {
            onCheckpoint(record);
        } else {
            incomplete.add(record);
            expectedOffset = record.offset() + 1;
        }
    }

    private void onCheckpoint(StateRecord record) {
        for (var change : incomplete) {
            var value = change.value();
            if (value == null) {
                entities.remove(change.key());
            } else {
                entities.put(change.key(), value);
            }
        }
        incomplete.clear();
        var value = record.value();
        position = value == null ? 0 : ByteBuffer.wrap(value).getLong();
        checkpointEnd = record.offset() + OFFSETS_TO_NEXT;
        expectedOffset = checkpointEnd;
    }

    /// The value of the record that ends a checkpoint at `position`.
    public static byte[] encodePosition(long position) {
        return ByteBuffer.allocate(Long.BYTES).putLong(position).array();
    }
}
