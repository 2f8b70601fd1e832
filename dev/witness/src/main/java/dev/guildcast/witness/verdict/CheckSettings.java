package dev.guildcast.witness.verdict;

import java.time.Duration;

/// What a run promises, by which its clients are judged.
///
/// @param fromNanos when traffic began; silence counts from here
/// @param toNanos when it ended
/// @param sessionTimeout how long a session without a connection lives at the least
/// @param shortStay a stay in a guild that may pass without being noticed, because it was over before the client could
///     be told of it
public record CheckSettings(long fromNanos, long toNanos, Duration sessionTimeout, Duration shortStay) {
    public static CheckSettings between(long fromNanos, long toNanos) {
        return new CheckSettings(fromNanos, toNanos, Duration.ofSeconds(180), Duration.ofSeconds(10));
    }
}
