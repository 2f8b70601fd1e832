package dev.guildcast.shard.coordination;

import java.time.Duration;

/// Intervals at which a node renews its lease and reconnects to the coordinator.
///
/// @param renewEvery between two renewals of the lease (`shard.lease.renew`); a third of the coordinator's lease or
///     less, so that one lost renewal kills no node
/// @param retryMin delay of the first attempt after a stream broke, jittered; well below the coordinator's grace of
///     0.5 s, within which a returning node keeps its shards
/// @param retryMax largest delay of an attempt, however many have failed
public record CoordinationTimes(Duration renewEvery, Duration retryMin, Duration retryMax) {
    /// Fits the coordinator's default lease of 3 s and grace of 0.5 s.
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

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " " + value + " (expected: above zero)");
        }
    }
}
