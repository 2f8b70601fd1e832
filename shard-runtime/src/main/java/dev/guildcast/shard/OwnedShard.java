package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// What the code around a machine may do with the shard's process. All but [#execute] and [#id] on the shard's loop.
public interface OwnedShard {
    ShardId id();

    /// Whether this process may act as the owner now: its claim stands, and it has applied up to a log end that the
    /// log reported within the last 2 s.
    boolean live();

    /// This incarnation's nonce: the owner's own commands carry it.
    long nonce();

    /// The offset of the next record to be applied.
    long position();

    /// Appends a command to the shard's own log. Refused (false) unless live. A send that fails ends the incarnation.
    boolean append(byte[] record);

    /// Runs `action` once everything up to a log end fetched after this call has been applied and the shard is live;
    /// never, if it stops being live first. For answers that say no.
    void afterLogEnd(Runnable action);

    /// Runs `action` on the shard's loop; false if the shard has stopped. From any thread; never blocks.
    boolean execute(Runnable action);
}
