package dev.guildcast.presence.liveness;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long presence lives and how eagerly it is told.
///
/// @param ttl a session without a beat counts as gone after this; longer forgives longer outages of a host, and shows
///     the users of a lost host longer as online; at least twice `beat-every`
/// @param beatEvery how often hosts beat; the value that they are configured with
/// @param flap a change waits this long before it is told, so that a reconnect is no news; longer is quieter and later
/// @param shownTtl how long the store remembers what was last shown of a user; past it a restart tells it again
/// @param sweepEvery how often expired sessions are looked for; each time costs a call for each of 16 buckets
/// @param usersMax users that one instance remembers, about 1 KB each; beyond it new ones are refused and counted
@ConfigurationProperties("presence")
public record PresenceProperties(
        @DefaultValue("60s") Duration ttl,
        @DefaultValue("20s") Duration beatEvery,
        @DefaultValue("1s") Duration flap,
        @DefaultValue("24h") Duration shownTtl,
        @DefaultValue("5s") Duration sweepEvery,
        @DefaultValue("1000000") int usersMax) {
    public PresenceProperties {
        if (ttl.compareTo(beatEvery.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "presence.ttl " + ttl + " (expected: at least twice presence.beat-every " + beatEvery + ")");
        }
        if (flap.isNegative() || flap.compareTo(ttl) >= 0) {
            throw new IllegalArgumentException("presence.flap " + flap + " (expected: 0 to below presence.ttl)");
        }
        if (sweepEvery.isNegative() || sweepEvery.isZero()) {
            throw new IllegalArgumentException("presence.sweep-every " + sweepEvery + " (expected: above 0)");
        }
        if (usersMax < 1) {
            throw new IllegalArgumentException("presence.users-max " + usersMax + " (expected: at least 1)");
        }
    }
}
