package dev.guildcast.shard;

/// What the code around a machine hears, on the shard's loop.
///
/// @param <R> the log's record
public interface ShardListener<R> {
    /// The process exists; nothing has been applied yet.
    default void onStarted(OwnedShard shard) {}

    /// A record was applied and its outputs are on their way. Not called for what was dropped as repeat, gap or
    /// refused.
    default void onApplied(R record, RecordContext at) {}

    /// Liveness changed. Becoming live, also live again, starts all session timers afresh.
    default void onLive(boolean live) {}

    /// About every 100 ms.
    default void onTick(long nowNanos) {}

    /// A batch of records was applied: the place to push what they caused.
    default void onBatchEnd() {}

    /// The incarnation has ended; nothing is called after this.
    default void onStopped(String reason) {}
}
