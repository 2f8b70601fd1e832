package dev.guildcast.shard.call;

import java.time.Duration;

/// Time limit, concurrency limit and circuit breaker settings of a [CallGuard] that is not configured by name.
///
/// @param limit of one call: a longer one tolerates slow responses, a shorter one falls back sooner
/// @param concurrentMax calls in flight; more fail at once, so that a slow peer does not fill the heap
/// @param window number of recent calls that the breaker evaluates; it opens when half of them failed
/// @param openFor how long the open breaker fails every call before it lets trial calls through
/// @param trials trial calls that have to succeed for the breaker to close
public record CallGuardSettings(Duration limit, int concurrentMax, int window, Duration openFor, int trials) {
    /// Enough calls for a rate of failures that a single one does not decide, and few enough to fill within a second of
    /// ordinary traffic.
    private static final int WINDOW_DEFAULT = 20;

    /// One success may be chance; three tell that the peer serves again, at the cost of three clients that wait.
    private static final int TRIALS_DEFAULT = 3;

    /// The breaker opens when half of the last 20 calls failed, and closes after three trial calls.
    public static CallGuardSettings of(Duration limit, int concurrentMax, Duration openFor) {
        return new CallGuardSettings(limit, concurrentMax, WINDOW_DEFAULT, openFor, TRIALS_DEFAULT);
    }

    public CallGuardSettings {
        if (limit.isZero() || limit.isNegative() || openFor.isZero() || openFor.isNegative()) {
            throw new IllegalArgumentException(
                    "the limit of calls is " + limit + " and open-for " + openFor + " (expected: both above zero)");
        }
        if (concurrentMax < 1 || window < 1 || trials < 1) {
            throw new IllegalArgumentException("concurrent-max is " + concurrentMax + ", window " + window
                    + " and trials " + trials + " (expected: each at least 1)");
        }
    }
}
