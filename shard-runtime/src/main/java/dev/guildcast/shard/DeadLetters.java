package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Takes records that could not be applied, for operators. Best effort: a letter may be lost or come twice.
@FunctionalInterface
public interface DeadLetters {
    /// @param reason at most 200 characters, without payload
    void accept(ShardId shard, long offset, String reason, byte[] record);
}
