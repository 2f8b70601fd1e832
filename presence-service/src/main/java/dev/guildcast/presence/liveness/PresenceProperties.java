package dev.guildcast.presence.liveness;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long presence lives and how quickly changes are announced.
///
/// @param ttl a session without a beat counts as ended after this; longer tolerates longer outages of a host, and
///     shows the users of a lost host longer as online; at least twice `beat-every`
/// @param beatEvery how often hosts beat; set it to the value that session-service is configured with
/// @param flap a change waits this long before it is announced, so that a quick reconnect is not; longer sends fewer
///     updates, and later
/// @param shownTtl how long the store keeps the presence last announced for a user; after it a restart announces
///     again. A user who is quiet for longer is announced once too often, which no client shows
/// @param sweepEvery how often expired sessions are searched; each sweep costs one store call for each of 16 buckets.
///     Adds at most this to the `ttl` before a lost session is shown as ended
/// @param usersMax users that one instance holds in memory, about 1 KB each; beyond it new users are rejected and
///     counted
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
