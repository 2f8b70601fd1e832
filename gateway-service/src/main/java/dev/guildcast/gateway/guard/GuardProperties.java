package dev.guildcast.gateway.guard;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long, how often and how many at a time another service is called before the fall-back serves.
///
/// @param limit a call that takes longer has failed: longer waits for slow answers, shorter falls back sooner
/// @param concurrentMax calls in flight at a time; more are refused at once, so that a slow service holds no memory
/// @param window calls that are looked back upon; the breaker opens when half of them failed
/// @param openFor how long the breaker then refuses everything before it tries again
/// @param trials good calls in a row that close it
public record GuardProperties(
        @DefaultValue("500ms") Duration limit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("20") int window,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("3") int trials) {
    /// With this limit, all else by default.
    public static GuardProperties limitedTo(Duration limit) {
        return new GuardProperties(limit, 1000, 20, Duration.ofSeconds(5), 3);
    }

    public GuardProperties {
        if (limit.isZero() || limit.isNegative() || openFor.isZero() || openFor.isNegative()) {
            throw new IllegalArgumentException(
                    "a guard's limit is " + limit + " and its open-for " + openFor + " (expected: both above zero)");
        }
        if (concurrentMax < 1 || window < 1 || trials < 1) {
            throw new IllegalArgumentException("a guard's concurrent-max is " + concurrentMax + ", its window " + window
                    + " and its trials " + trials + " (expected: each at least 1)");
        }
    }
}
