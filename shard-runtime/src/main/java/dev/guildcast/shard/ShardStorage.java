package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/// The logs and checkpoints of an installation, as one node reaches them.
public interface ShardStorage extends AutoCloseable {
    /// Reads the newest complete checkpoint of a shard. Blocks; called on the shard's own thread.
    ///
    /// @param entities takes every entity, each key once
    /// @return the offset from which the log follows; 0 when there is no checkpoint
    /// @throws InterruptedException when the shard was told to stop meanwhile
    long restore(ShardId shard, BiConsumer<String, byte[]> entities) throws InterruptedException;

    /// Opens what one incarnation needs. Callbacks of all of it run on `loop`.
    ///
    /// @param from the first offset to be read
    /// @param ephemeral whether the shard has an ephemeral lane
    Incarnation open(ShardId shard, long from, boolean ephemeral, Executor loop) throws InterruptedException;

    @Override
    void close();

    /// What one incarnation holds; closed with it.
    interface Incarnation extends AutoCloseable {
        LogReader log();

        /// The ephemeral lane, from a little before its end; never has anything for shards without one.
        LogReader ephemeral();

        RecordSender sender();

        CheckpointWriter checkpoints();

        LogEnds ends();

        DeadLetters deadLetters();

        /// Ends everything without waiting for what is on its way; a send not acknowledged yet may or may not arrive.
        @Override
        void close();
    }

    /// Hands out records in order.
    ///
    /// - **Bound:** a bounded number of records is read ahead.
    interface LogReader {
        /// The next record, or null if none is there yet. Never blocks.
        ///
        /// @throws LogLostException if the log cannot be read on: it was trimmed past the position, say
        @org.jspecify.annotations.Nullable
        LogEntry poll() throws LogLostException;

        /// Calls `signal` whenever records arrive, from any thread.
        void onArrival(Runnable signal);
    }

    /// One record as it stands in a log.
    record LogEntry(long offset, long timestampMillis, byte[] record) {}

    /// The log cannot be read on from where this incarnation stands.
    final class LogLostException extends Exception {
        private static final long serialVersionUID = 1;

        public LogLostException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
