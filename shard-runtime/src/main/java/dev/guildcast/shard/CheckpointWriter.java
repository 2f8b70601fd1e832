package dev.guildcast.shard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes one shard's checkpoints, for one incarnation. Callbacks run on the shard's loop; any failure ends the
/// incarnation.
public interface CheckpointWriter {
    /// Fences every earlier writer of this shard. Once, before the first commit.
    void begin(Callback callback);

    /// Writes all of it or nothing: the position and the entities touched since the last commit (null: gone).
    void commit(long position, Map<String, byte @Nullable []> entities, Callback callback);

    /// Hears how it ended.
    @FunctionalInterface
    interface Callback {
        void onDone(boolean done);
    }
}
