package dev.guildcast.shard.coordination;

import java.time.Duration;

/// How often a node speaks to the coordinator, and how patiently it returns.
///
/// @param renewEvery between two renewals of the lease (`shard.lease.renew`); a third of the coordinator's lease or
///     less, so that one lost renewal kills no node
/// @param retryMin before the first new attempt after a stream broke, jittered; well under the coordinator's grace of
///     0.5 s, within which a returning node has lost nothing
/// @param retryMax the most a new attempt waits, however often the earlier ones failed
public record CoordinationTimes(Duration renewEvery, Duration retryMin, Duration retryMax) {
    public static final CoordinationTimes DEFAULT =
            new CoordinationTimes(Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofSeconds(1));

    public CoordinationTimes {
        positive("renewEvery", renewEvery);
        positive("retryMin", retryMin);
        if (retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException(
                    "retryMax " + retryMax + " (expected: at least retryMin, " + retryMin + ")");
        }
    }

    /// The default patience with another renewal interval.
    public static CoordinationTimes renewingEvery(Duration renewEvery) {
        return new CoordinationTimes(renewEvery, DEFAULT.retryMin(), DEFAULT.retryMax());
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " " + value + " (expected: above zero)");
        }
    }
}
