package dev.guildcast.session.presence;

import dev.guildcast.presence.v1.BeatBatch;

/// Where beats go.
public interface BeatSink {
    /// From any thread; never blocks. A batch that finds no room is dropped: the next beats bring up what it said.
    ///
    /// @return whether the batch was taken
    boolean offer(BeatBatch batch);
}
