package dev.guildcast.suite.process;

import java.time.Duration;
import java.util.function.Supplier;

/// When a service instance is restarted, and when its start is given up.
///
/// @param probe of its health
/// @param backoff creates that of one instance
/// @param silenceMax an instance that was ready and does not respond for longer is killed and restarted
/// @param startMax an instance that has not started after this is killed and restarted
/// @param failedStartsMax so many ends in a row, without having been ready once, give up the start of the
///     suite; so do as many kills of any instances
record Supervision(
        HealthProbe probe, Supplier<Backoff> backoff, Duration silenceMax, Duration startMax, int failedStartsMax) {
    /// A collection of a full heap or a busy machine silences a service for seconds; half a minute is no pause any
    /// more.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    /// A first start without an AOT cache on a slow machine takes minutes.
    private static final Duration START_MAX = Duration.ofMinutes(5);
    /// With the backoff four failures take at least two seconds, so a port that was just released is free again.
    private static final int FAILED_STARTS_MAX = 4;

    static Supervision defaults() {
        return new Supervision(HealthProbe.byScheme(), Backoff::defaults, SILENCE_MAX, START_MAX, FAILED_STARTS_MAX);
    }
}
