package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Appends records to logs, for one incarnation of one shard.
///
/// Records for one target arrive in the order they were sent. A failure is fatal for the incarnation: what became of
/// the record is not known.
public interface RecordSender {
    /// Sends, never blocking for long; `callback` runs on the shard's loop.
    void send(ShardId target, byte[] record, Callback callback);

    /// Hears of the append.
    @FunctionalInterface
    interface Callback {
        /// @param sent whether the record stands in the log for good
        void onDone(boolean sent);
    }
}
