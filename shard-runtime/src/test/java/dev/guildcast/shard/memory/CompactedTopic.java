package dev.guildcast.shard.memory;

import dev.guildcast.shard.storage.CheckpointReader;
import dev.guildcast.shard.storage.StateReader;
import dev.guildcast.shard.storage.StateReader.StateRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One partition of a compacted topic that is written in transactions, as a reader of committed records sees it.
///
/// It does at random what a broker and its clients may do: a poll returns any part of what is there, and compaction
/// removes any record of which a newer one with the same key is committed. A transaction takes one offset for each
/// record and one for its marker; an aborted one takes offsets and shows nothing.
///
/// - **Owner:** one thread.
public final class CompactedTopic {
    private static final Comparator<StateRecord> BY_OFFSET = Comparator.comparingLong(StateRecord::offset);

    private final Random random;
    private final int pollRecordsMax;
    private List<StateRecord> records = new ArrayList<>();
    private long end;

    /// @param pollRecordsMax records of one poll at most; few, so that transactions are read in parts
    public CompactedTopic(Random random, int pollRecordsMax) {
        this.random = random;
        this.pollRecordsMax = pollRecordsMax;
    }

    /// Commits a checkpoint.
    public void commit(long position, Map<String, byte @Nullable []> entities) {
        entities.forEach((key, value) -> records.add(new StateRecord(end++, key, value)));
        records.add(new StateRecord(end++, CheckpointReader.POSITION_KEY, CheckpointReader.encodePosition(position)));
        end++;
    }

    /// Appends `count` records in a transaction that is aborted.
    public void abort(int count) {
        end += count + 1;
    }

    /// Removes about `share` of the records that newer ones supersede.
    ///
    /// @param share from 0 to 1
    public void compact(double share) {
        Map<String, Long> newest = new HashMap<>();
        records.forEach(each -> newest.put(each.key(), each.offset()));
        var kept = new ArrayList<StateRecord>(records.size());
        for (var each : records) {
            if (newest.getOrDefault(each.key(), -1L) == each.offset() || random.nextDouble() >= share) {
                kept.add(each);
            }
        }
        records = kept;
    }

    /// Removes the records that remove a key, and what they supersede. Not while a reader is open: Kafka keeps them for
    /// a day.
    public void compactTombstones() {
        compact(1);
        records.removeIf(each -> each.value() == null);
    }

    /// Records that are left.
    public int size() {
        return records.size();
    }

    /// The index of the first record at or above an offset.
    private int indexOf(long offset) {
        int found = Collections.binarySearch(records, new StateRecord(offset, "", null), BY_OFFSET);
        return found < 0 ? -found - 1 : found;
    }

    /// Reads from the start.
    ///
    /// @param beforeEachCall what others do to the topic meanwhile
    public StateReader reader(Runnable beforeEachCall) {
        return new StateReader() {
            private long position;

            @Override
            public long fetchEnd() {
                beforeEachCall.run();
                return end;
            }

            @Override
            public long position() {
                return position;
            }

            @Override
            public List<StateRecord> poll() {
                beforeEachCall.run();
                int max = random.nextInt(pollRecordsMax + 1);
                int from = indexOf(position);
                var next = List.copyOf(records.subList(from, Math.min(from + max, records.size())));
                if (!next.isEmpty() && next.getFirst().offset() > position && random.nextInt(3) == 0) {
                    // A fetched batch of which every record was removed moves the position and returns nothing.
                    position += 1 + random.nextLong(next.getFirst().offset() - position);
                    return List.of();
                }
                if (!next.isEmpty()) {
                    position = next.getLast().offset() + 1;
                } else if (max > 0) {
                    // What is left was removed, or is a marker.
                    position = end;
                }
                return next;
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
