package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Records that a machine emits to other shards.
///
/// Staged until `apply` returns; discarded if it throws. Outputs to one target keep their order.
public interface Outputs {
    void emit(ShardId target, Output output);

    /// Nothing after this is sent before everything before it is acknowledged.
    void barrier();

    /// Reports part of the current record, such as one of a batch, as a dead letter, while `apply` goes on and returns
    /// normally. At most 200 characters; no payload.
    void deadLetter(String reason);
}
