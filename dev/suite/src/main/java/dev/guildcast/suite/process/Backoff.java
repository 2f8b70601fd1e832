package dev.guildcast.suite.process;

import java.time.Duration;

/// How long to wait before a service that ended is started again: doubling from the first pause to the longest, and
/// from the first again after a life that was long enough.
///
/// - **Owner:** the thread of its service.
/// - **Bound:** pauses between `first` and `longest`.
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final Duration longLife;
    private Duration next;

    Backoff(Duration first, Duration longest, Duration longLife) {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "pauses from " + first + " to " + longest + " (expected: 0 < first <= longest)");
        }
        this.first = first;
        this.longest = longest;
        this.longLife = longLife;
        this.next = first;
    }

    static Backoff usual() {
        return new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /// @param lived how long the service ran this time
    Duration afterLifeOf(Duration lived) {
        if (lived.compareTo(longLife) >= 0) {
            next = first;
        }
        var pause = next;
        var doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return pause;
    }
}
