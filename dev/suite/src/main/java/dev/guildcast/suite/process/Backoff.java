package dev.guildcast.suite.process;

import java.time.Duration;

/// Exponential backoff between restarts of a service: doubles from the initial delay to the maximum, and starts over
/// after a sufficiently long time in health.
///
/// - **Owner:** the thread of its service.
/// - **Bound:** delays between `first` and `longest`.
final class Backoff {
    private final Duration initial;
    private final Duration max;
    private final Duration resetAfter;
    private Duration next;

    Backoff(Duration initial, Duration max, Duration resetAfter) {
        if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "backoff from " + initial + " to " + max + " (expected: 0 < initial <= max)");
        }
        this.initial = initial;
        this.max = max;
        this.resetAfter = resetAfter;
        this.next = initial;
    }

    static Backoff defaults() {
        return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /// @param healthyFor the longest time without interruption for which the service was healthy since its last start
    Duration nextDelay(Duration healthyFor) {
        if (healthyFor.compareTo(resetAfter) >= 0) {
            next = initial;
        }
        var delay = next;
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(max) > 0 ? max : doubled;
        return delay;
    }
}
