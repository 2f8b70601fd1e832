package dev.guildcast.shard.storage;

import dev.guildcast.contract.ShardId;

/// Stores records that could not be applied, for operators. Best effort: one may be lost or stored twice.
@FunctionalInterface
public interface DeadLetters {
    /// @param reason at most 200 characters, without payload
    /// @param onLost runs on any thread if the record could not be stored; never blocks
    void accept(ShardId shard, long offset, String reason, byte[] record, Runnable onLost);
}
