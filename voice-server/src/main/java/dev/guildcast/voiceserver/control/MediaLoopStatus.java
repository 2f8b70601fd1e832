package dev.guildcast.voiceserver.control;

import dev.guildcast.voiceserver.limit.LoadLevel;

/// The state of the media loop, as it answers a probe.
///
/// @param nanoTime when it answered, by its own monotonic clock
/// @param busyShare of its time it was not waiting for packets, 0 to 1
/// @param level what it gives up for want of time
public record MediaLoopStatus(long nanoTime, double busyShare, LoadLevel level, int rooms, int participants) {}
