package dev.guildcast.gateway.limit;

import java.time.Duration;
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
/// @param shards client shards that `/gateway/bot` recommends. Raise it where one process of a bot is not enough for
///     its events
@ConfigurationProperties("gateway.identify")
public record IdentifyProperties(
        @DefaultValue("60s") Duration authenticateWithin,
        @DefaultValue("1") int maxConcurrency,
        @DefaultValue("5s") Duration window,
        @DefaultValue("1000") int starts,
        @DefaultValue("24h") Duration startsWindow,
        @DefaultValue("1") int shards) {
    public IdentifyProperties {
        if (maxConcurrency < 1 || starts < 1 || shards < 1) {
            throw new IllegalArgumentException("gateway.identify.max-concurrency is " + maxConcurrency + ", starts "
                    + starts + " and shards " + shards + " (expected: each at least 1)");
        }
        if (window.isNegative() || window.isZero() || startsWindow.compareTo(window) < 0) {
            throw new IllegalArgumentException("gateway.identify.window is " + window + " and starts-window "
                    + startsWindow + " (expected: above zero, and the second not below the first)");
        }
        if (authenticateWithin.isNegative() || authenticateWithin.isZero()) {
            throw new IllegalArgumentException(
                    "gateway.identify.authenticate-within is " + authenticateWithin + " (expected: above zero)");
        }
    }
}
