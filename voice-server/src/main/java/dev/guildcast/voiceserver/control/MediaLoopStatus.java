package dev.guildcast.voiceserver.control;

import dev.guildcast.voiceserver.limit.LoadLevel;

/// The state of the media loop, as it answers a probe.
///
/// @param nanoTime when it answered, by its own monotonic clock
/// @param busyShare of its time it was not waiting for packets, 0 to 1
/// @param level what it gives up for want of time
public record MediaLoopStatus(long nanoTime, double busyShare, LoadLevel level, int rooms, int participants) {
    /// Share of what the server can carry that is in use, 0 to 1: of the loop's time or of its users, whichever is
    /// more.
    public double load(int participantsMax) {
        return Math.clamp(Math.max(busyShare, (double) participants / participantsMax), 0, 1);
    }
}
