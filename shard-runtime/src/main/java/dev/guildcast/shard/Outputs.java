package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Where a machine puts what it wants other shards to know.
///
/// Staged until `apply` returns; discarded if it throws. Outputs to one target keep their order.
public interface Outputs {
    void emit(ShardId target, Output output);

    /// Nothing after this is sent before everything before it is acknowledged.
    void barrier();

    /// Records that the current record was refused without changing anything, for the dead letters, while `apply`
    /// goes on and returns normally (parts of a batch, say). At most 200 characters; no payload.
    void deadLetter(String reason);
}
