package dev.guildcast.session.presence;

import dev.guildcast.presence.v1.BeatBatch;

/// Sends batches of beats to presence-service.
interface BeatSink {
    /// From any thread; never blocks. A batch for which there is no room is dropped: the next round of beats makes up
    /// for it.
    ///
    /// @return whether the batch was accepted
    boolean offer(BeatBatch batch);
}
