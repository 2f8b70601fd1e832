package dev.guildcast.shard;

import java.util.function.LongConsumer;

/// Asks a shard's log where it ends.
@FunctionalInterface
public interface LogEnds {
    /// Fetches the end offset; `callback` runs on the shard's loop with the offset of the next record to be appended,
    /// or -1 when it could not be fetched. Never blocks.
    void fetch(LongConsumer callback);
}
