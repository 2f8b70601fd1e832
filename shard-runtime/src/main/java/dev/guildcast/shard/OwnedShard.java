package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// A shard's process as its listener sees it. All but [#execute] and [#id] are called on the shard's loop.
public interface OwnedShard {
    ShardId id();

    /// Whether this process may act as the owner now: its claim is valid, and it has applied everything up to a log end
    /// that was fetched within the last 2 s.
    boolean live();

    /// This incarnation's nonce, which the owner's commands carry.
    long nonce();

    /// The offset of the next record to be applied.
    long position();

    /// Appends a command to the shard's own log. Refused (false) unless live. A send that fails ends the incarnation.
    boolean append(byte[] record);

    /// Runs `action` after a read barrier: once everything up to a log end fetched after this call has been applied and
    /// the shard is live; never, if it stops being live first. Negative responses need it, since a record that
    /// would change them may already be in the log.
    void afterReadBarrier(Runnable action);

    /// Runs `action` on the shard's loop; false if the shard has stopped. From any thread; never blocks.
    boolean execute(Runnable action);
}
