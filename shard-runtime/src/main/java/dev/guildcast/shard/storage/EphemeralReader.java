package dev.guildcast.shard.storage;

import dev.guildcast.shard.storage.ShardStorage.LogEntry;
import org.jspecify.annotations.Nullable;

/// Reads a lane that may drop records, in order. It never fails: what cannot be read is skipped and counted, so that
/// the lane ends no shard.
///
/// - **Bound:** a bounded number of records is read ahead.
public interface EphemeralReader {
    /// A lane without records.
    EphemeralReader NONE = new EphemeralReader() {
        @Override
        public @Nullable LogEntry poll() {
            return null;
        }

        @Override
        public void onArrival(Runnable signal) {
            // No record ever arrives.
        }
    };

    /// The next record, or null if there is none yet. Never blocks.
    @Nullable
    LogEntry poll();

    /// Calls `signal` whenever records arrive, from any thread.
    void onArrival(Runnable signal);

    /// What was skipped since the last call.
    default Skipped takeSkipped() {
        return Skipped.NOTHING;
    }

    /// Numbers of skipped records.
    ///
    /// @param trimmed removed by the retention of the topic before they were read
    /// @param unreadable left behind because the lane could not be read on at its position
    record Skipped(long trimmed, long unreadable) {
        public static final Skipped NOTHING = new Skipped(0, 0);
    }
}
