package dev.guildcast.shard;

/// Listens to a shard's process. Called on the shard's loop.
///
/// @param <R> the log's record
/// @param <A> what applying a record did
public interface ShardListener<R, A> {
    /// The process exists; nothing has been applied yet.
    default void onStarted(OwnedShard shard) {}

    /// A record was applied and its outputs are queued. Not called for duplicates, gaps and dead letters.
    ///
    /// @param applied what the machine returned; not valid after this call
    default void onApplied(R record, RecordContext context, A applied) {}

    /// Liveness changed. Becoming live, for the first time or again, restarts all session timers.
    default void onLive(boolean live) {}

    /// About every 50 ms, the period of the loop's timers.
    default void onTick(long nowNanos) {}

    /// A batch of records was applied: time to push the dispatches that they caused.
    default void onBatchEnd() {}

    /// The incarnation has ended; nothing is called after this.
    default void onStopped(String reason) {}
}
