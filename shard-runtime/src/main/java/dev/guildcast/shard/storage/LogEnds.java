package dev.guildcast.shard.storage;

import java.util.function.LongConsumer;

/// Fetches the end offset of a shard's log.
@FunctionalInterface
public interface LogEnds {
    /// Fetches the end offset; `callback` runs on the shard's loop with the offset of the next record to be appended,
    /// or -1 when it could not be fetched. Never blocks.
    void fetch(LongConsumer callback);
}
