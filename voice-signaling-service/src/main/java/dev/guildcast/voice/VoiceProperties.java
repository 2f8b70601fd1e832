package dev.guildcast.voice;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How voice servers are monitored and chosen.
///
/// @param store where assignments are shared: redis, or memory for a single instance that may lose its state on a
///     restart
/// @param liveness a server without a report counts as dead after this; shorter moves guilds sooner, and needlessly
///     when a report is late; at least three times `report-every`
/// @param reportEvery how often servers report; set it to the value that they are configured with
/// @param defaultRegion region of guilds whose channel and user specify no region with a live server
/// @param assignmentWeight load that one assignment is expected to add until the server reports its own; larger
///     spreads a burst of joins more evenly, smaller fills the least loaded server first
/// @param tokenTtl how long a token opens a voice socket; longer tolerates slow clients, and exposes a leaked token
///     longer
/// @param guildTtl how long the store keeps a guild without a change. No call is expected to last for a day without a
///     join or leave
/// @param guildsMax guilds with users in voice that one instance holds in memory, about 1 KB a user; beyond it joins
///     are rejected and counted. The default is about 1 GB with ten users each
@ConfigurationProperties("voice")
public record VoiceProperties(
        @DefaultValue("redis") Store store,
        @DefaultValue("6s") Duration liveness,
        @DefaultValue("2s") Duration reportEvery,
        @DefaultValue("local") String defaultRegion,
        @DefaultValue("0.01") double assignmentWeight,
        @DefaultValue("5m") Duration tokenTtl,
        @DefaultValue("24h") Duration guildTtl,
        @DefaultValue("100000") int guildsMax) {
    /// Where assignments are shared.
    public enum Store {
        REDIS,
        MEMORY
    }

    public VoiceProperties {
        if (liveness.compareTo(reportEvery.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("voice.liveness " + liveness
                    + " (expected: at least three times voice.report-every " + reportEvery + ")");
        }
        if (assignmentWeight < 0 || assignmentWeight > 1) {
            throw new IllegalArgumentException("voice.assignment-weight " + assignmentWeight + " (expected: 0 to 1)");
        }
        if (tokenTtl.isNegative() || tokenTtl.isZero()) {
            throw new IllegalArgumentException("voice.token-ttl " + tokenTtl + " (expected: above 0)");
        }
        if (guildsMax < 1) {
            throw new IllegalArgumentException("voice.guilds-max " + guildsMax + " (expected: at least 1)");
        }
    }
}
