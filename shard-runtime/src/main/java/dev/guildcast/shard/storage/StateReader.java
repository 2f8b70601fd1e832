package dev.guildcast.shard.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the state topic of one shard from its start: records of committed transactions only, in the order of their
/// offsets, while its owner may go on committing and the broker compacts it.
///
/// Compaction removes a record when a newer one of its key exists, also one that this reader has not come to yet.
/// Records that remove a key stay longer than any restore takes.
///
/// - **Owner:** one thread, which it may block.
public interface StateReader extends AutoCloseable {
    /// Fetches the offset after the last committed record. Everything that compaction has removed so far was
    /// superseded by a record below it.
    long fetchEnd();

    /// The offset from which the next record is read.
    long position();

    /// The next records, after waiting for them briefly: none, a part of a transaction, or several transactions.
    List<StateRecord> poll();

    @Override
    void close();

    /// One record of a state topic.
    ///
    /// @param offset in the topic; the marker that ends a transaction takes one, too
    /// @param key of the entity, or [CheckpointReader#POSITION_KEY]
    /// @param value the entity; null: it is removed
    record StateRecord(long offset, String key, byte @Nullable [] value) {}
}
