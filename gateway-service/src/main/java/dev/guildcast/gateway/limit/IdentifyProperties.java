package dev.guildcast.gateway.limit;

import dev.guildcast.contract.Snowflake;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Limits of session starts. The defaults are the figures of the protocol for a bot of one client shard.
///
/// @param authenticateWithin a connection that has sent neither Identify nor Resume by then is closed with 4003.
///     Libraries that queue their identifies wait up to 60 s with the socket open; a longer time keeps idle sockets for
///     longer
/// @param maxConcurrency client shards of one bot that may identify in one window, each in its own bucket. As the
///     protocol has it for all but very large bots
/// @param window how long an identify occupies its bucket; a longer one spreads the start of a large bot further. The
///     protocol says five seconds, and libraries wait that long
/// @param starts sessions that a bot may start in one starts window; the next Identify is closed with 4004. Resumes
///     are not counted. The protocol's own number
/// @param startsWindow length of a starts window; the protocol says one day
/// @param shards fewest client shards that `/gateway/bot` recommends; more, if the bot is in more than 1000 guilds
///     for each
/// @param fixedShards client shards of large bots, by the bot's user id: `/gateway/bot` recommends exactly these, an
///     Identify whose count is no multiple of them is closed with 4010, and the bot may start five sessions for each in
///     one starts window, if that is more than `starts`
@ConfigurationProperties("gateway.identify")
public record IdentifyProperties(
        @DefaultValue("60s") Duration authenticateWithin,
        @DefaultValue("1") int maxConcurrency,
        @DefaultValue("5s") Duration window,
        @DefaultValue("1000") int starts,
        @DefaultValue("24h") Duration startsWindow,
        @DefaultValue("1") int shards,
        @DefaultValue Map<String, Integer> fixedShards) {
    /// Guilds for each recommended client shard. Its limit is 2500, above which Identify is closed with 4011; Discord
    /// recommends 1000, which leaves a bot time to grow.
    private static final int GUILDS_PER_SHARD = 1000;
    /// Session starts of a large bot for each of its client shards, as Discord's formula has it.
    private static final int STARTS_PER_SHARD = 5;

    public IdentifyProperties {
        if (maxConcurrency < 1 || starts < 1 || shards < 1) {
            throw new IllegalArgumentException("gateway.identify.max-concurrency is " + maxConcurrency + ", starts "
                    + starts + " and shards " + shards + " (expected: each at least 1)");
        }
        fixedShards.forEach((bot, count) -> {
            if (Snowflake.parseOrZero(bot) == 0 || count < 1) {
                throw new IllegalArgumentException("gateway.identify.fixed-shards." + bot + " is " + count
                        + " (expected: the id of a bot's user, and at least 1)");
            }
        });
        if (window.isNegative() || window.isZero() || startsWindow.compareTo(window) < 0) {
            throw new IllegalArgumentException("gateway.identify.window is " + window + " and starts-window "
                    + startsWindow + " (expected: above zero, and the second not below the first)");
        }
        if (authenticateWithin.isNegative() || authenticateWithin.isZero()) {
            throw new IllegalArgumentException(
                    "gateway.identify.authenticate-within is " + authenticateWithin + " (expected: above zero)");
        }
    }

    /// The client shards that are recommended to a bot.
    ///
    /// @param guilds of the bot; empty: not known
    public int shardsOf(long botId, OptionalInt guilds) {
        int fixed = fixedShardsOf(botId);
        if (fixed > 0) {
            return fixed;
        }
        return Math.max(shards, (guilds.orElse(0) + GUILDS_PER_SHARD - 1) / GUILDS_PER_SHARD);
    }

    /// Whether a bot may identify with so many client shards.
    ///
    /// @param count 1 for a bot that does not shard
    public boolean allowsShards(long botId, int count) {
        int fixed = fixedShardsOf(botId);
        return fixed == 0 || count % fixed == 0;
    }

    /// Sessions that a bot may start in one starts window.
    public int startsOf(long botId) {
        return Math.max(starts, fixedShardsOf(botId) * STARTS_PER_SHARD);
    }

    private int fixedShardsOf(long botId) {
        return fixedShards.getOrDefault(Long.toUnsignedString(botId), 0);
    }
}
