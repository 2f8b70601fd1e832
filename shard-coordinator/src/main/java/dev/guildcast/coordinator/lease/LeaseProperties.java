package dev.guildcast.coordinator.lease;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long a node counts as alive.
///
/// @param duration time without a renewal after which a node counts as dead, and the time a new leader gives nodes to
///     report; shorter fails over sooner and mistakes more pauses for crashes. Nodes renew every second
/// @param grace time for a node whose stream broke to open another; shorter fails over sooner after a crash
/// @param checkEvery time between two checks of the leases; adds to the time of every detection
@ConfigurationProperties("coordinator.lease")
public record LeaseProperties(
        @DefaultValue("3s") Duration duration,
        @DefaultValue("500ms") Duration grace,
        @DefaultValue("100ms") Duration checkEvery) {
    public static final LeaseProperties DEFAULT =
            new LeaseProperties(Duration.ofSeconds(3), Duration.ofMillis(500), Duration.ofMillis(100));

    public LeaseProperties {
        if (grace.isNegative() || grace.compareTo(duration) > 0) {
            throw new IllegalArgumentException("coordinator.lease.grace " + grace
                    + " (expected: at most coordinator.lease.duration, " + duration + ")");
        }
        if (checkEvery.toMillis() < 1 || checkEvery.compareTo(duration) > 0) {
            throw new IllegalArgumentException("coordinator.lease.check-every " + checkEvery
                    + " (expected: between 1ms and coordinator.lease.duration, " + duration + ")");
        }
    }
}
