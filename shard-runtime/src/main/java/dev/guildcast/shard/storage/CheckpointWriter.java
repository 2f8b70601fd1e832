package dev.guildcast.shard.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one shard's checkpoints, for one incarnation. Callbacks run on the shard's loop; any failure ends the
/// incarnation.
public interface CheckpointWriter {
    /// Fences every earlier writer of this shard. Called once, before the first commit.
    void begin(CheckpointCallback callback);

    /// Writes atomically the position and the entities changed since the last commit (null: removed).
    void commit(long position, Map<String, byte @Nullable []> entities, CheckpointCallback callback);

    /// Receives the result.
    @FunctionalInterface
    interface CheckpointCallback {
        /// @param success whether the operation succeeded
        void onDone(boolean success);
    }
}
