package dev.guildcast.shard.storage;

import dev.guildcast.contract.ShardId;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/// Access of one node to the logs and checkpoints of an installation.
public interface ShardStorage extends AutoCloseable {
    /// Reads the newest complete checkpoint of a shard. Blocks; called on the shard's own thread.
    ///
    /// @param entities receives every entity, each key once
    /// @return the offset from which the log follows; 0 when there is no checkpoint
    /// @throws InterruptedException when the shard was released meanwhile
    long restore(ShardId shard, BiConsumer<String, byte[]> entities) throws InterruptedException;

    /// Opens the resources of one incarnation, whose callbacks run on `loop`.
    ///
    /// @param from the first offset to be read
    /// @param ephemeral whether the shard has an ephemeral lane
    Incarnation open(ShardId shard, long from, boolean ephemeral, Executor loop) throws InterruptedException;

    /// Whether this node has lost the storage: nothing of it has answered for over a second. From any thread.
    default boolean isLost() {
        return false;
    }

    /// Calls `listener` when [#isLost] changes, from any thread.
    default void onLostChange(Runnable listener) {
        // It is never lost.
    }

    @Override
    void close();

    /// The resources of one incarnation; closed with it.
    interface Incarnation extends AutoCloseable {
        LogReader log();

        /// The ephemeral lane, from a little before its end; always empty for shards without one.
        EphemeralReader ephemeral();

        RecordSender sender();

        CheckpointWriter checkpoints();

        LogEnds ends();

        DeadLetters deadLetters();

        /// Releases everything without waiting for sends in flight, which may or may not be appended.
        @Override
        void close();
    }

    /// Reads records in order.
    ///
    /// - **Bound:** a bounded number of records is read ahead.
    interface LogReader {
        /// The next record, or null if there is none yet. Never blocks.
        ///
        /// @throws LogLostException if the log cannot be read further, for instance because it was trimmed past
        ///     the position
        @org.jspecify.annotations.Nullable
        LogEntry poll() throws LogLostException;

        /// Calls `signal` whenever records arrive, from any thread.
        void onArrival(Runnable signal);
    }

    /// One record of a log.
    record LogEntry(long offset, long timestampMillis, byte[] record) {}

    /// The log cannot be read further from this incarnation's position.
    final class LogLostException extends Exception {
        private static final long serialVersionUID = 1;

        public LogLostException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
