package dev.guildcast.witness.verdict;

import java.time.Duration;

/// The guarantees of a run against which its clients are verified.
///
/// @param fromNanos start of the traffic; silence counts from here
/// @param toNanos end of the traffic
/// @param sessionTimeout the shortest lifetime of a session without a connection
/// @param shortMembership a membership that may pass without a dispatch, because it ended before the client could
///     receive the guild
public record CheckSettings(long fromNanos, long toNanos, Duration sessionTimeout, Duration shortMembership) {
    /// With the default timeout of sessions, and more time for a guild to be dispatched than a recovery takes.
    public static CheckSettings between(long fromNanos, long toNanos) {
        return new CheckSettings(fromNanos, toNanos, Duration.ofSeconds(180), Duration.ofSeconds(10));
    }
}
