package dev.guildcast.shard.process;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The incarnation of which a [Checkpointer] takes checkpoints. Called on the shard's loop.
interface CheckpointSource {
    /// Whether the process may act as the owner now.
    boolean live();

    /// The offset of the next record to be applied.
    long position();

    /// Entities changed since the last call; null for removed ones.
    Map<String, byte @Nullable []> drainDirty();

    /// Whether every output caused by a record below `offset` is acknowledged.
    boolean isAcknowledgedBelow(long offset);

    /// A checkpoint at `offset` is committed.
    void onCommitted(long offset);

    /// The incarnation must end: it can no longer take checkpoints.
    void stop(String reason);
}
