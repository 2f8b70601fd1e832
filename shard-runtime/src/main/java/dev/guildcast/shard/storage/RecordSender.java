package dev.guildcast.shard.storage;

import dev.guildcast.contract.ShardId;

/// Appends records to logs, for one incarnation of one shard.
///
/// Records for one target are appended in the order they were sent. A failure ends the incarnation, since the record
/// may or may not be in the log.
public interface RecordSender {
    /// Sends without waiting for the append; `callback` runs on the shard's loop.
    void send(ShardId target, byte[] record, SendCallback callback);

    /// Receives the result of the append.
    @FunctionalInterface
    interface SendCallback {
        /// @param sent whether the record is durably in the log
        void onDone(boolean sent);
    }
}
