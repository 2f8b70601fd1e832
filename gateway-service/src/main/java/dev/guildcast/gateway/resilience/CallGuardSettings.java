package dev.guildcast.gateway.resilience;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Timeout, concurrency limit and circuit breaker settings for calls to another service.
///
/// @param limit timeout of one call: a longer one tolerates slow responses, a shorter one falls back sooner
/// @param concurrentMax calls in flight; more fail at once, so that a slow service does not fill the heap
/// @param window number of recent calls that the breaker evaluates; it opens when half of them failed
/// @param openFor how long the open breaker fails every call before it lets trial calls through
/// @param trials trial calls that have to succeed for the breaker to close
public record CallGuardSettings(
        @DefaultValue("500ms") Duration limit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("20") int window,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("3") int trials) {
    /// The defaults of this record with another timeout.
    public static CallGuardSettings limitedTo(Duration limit) {
        return new CallGuardSettings(limit, 1000, 20, Duration.ofSeconds(5), 3);
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
