package dev.guildcast.voice;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How voice servers are watched and chosen.
///
/// @param store where assignments are shared: redis, or memory for a single instance that may forget
/// @param liveness a server without a report is dead after this; shorter moves guilds sooner, and moves them for
///     nothing when a report is late; at least three times `report-every`
/// @param reportEvery how often servers report; the value that they are configured with
/// @param defaultRegion where guilds go whose channel and user name no region with a live server
/// @param assignmentWeight load that one assignment is expected to bring until the server reports its own; larger
///     spreads a rush of joins more evenly, smaller fills the least loaded server first
/// @param tokenTtl how long a token opens a voice socket; longer forgives slow clients, and a leaked one longer
/// @param guildTtl how long the store remembers a guild without a change
/// @param guildsMax guilds with somebody in voice that one instance remembers, about 1 KB a user; beyond it joins are
///     refused and counted
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
