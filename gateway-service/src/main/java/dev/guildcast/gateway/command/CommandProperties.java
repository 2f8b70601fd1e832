package dev.guildcast.gateway.command;

import dev.guildcast.gateway.limit.FixedWindowLimiter;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of the frames that one client may send. The defaults are the figures of the protocol, to which client
/// libraries pace themselves.
///
/// @param limit frames of any kind in one window, heartbeats included; the next one closes with 4008. Client libraries
///     stay below 120: a lower limit disconnects them, a higher one admits more load from each client
/// @param controlLimit pings and pongs in one command window, which do not count as frames there; the next one closes
///     with 4008. Clients and proxies that probe a connection send one every few seconds
/// @param window length of a command window; the first begins when the connection opens. The protocol says 60 s
/// @param presenceLimit presence updates in one presence window; more are dropped silently and counted. The protocol's
///     own number
/// @param presenceWindow length of a presence window; the first begins when the connection opens. The protocol says 20
///     s
/// @param botFrameMax longest message of a bot; a longer one closes with 4002. The protocol's own limit
/// @param userFrameMax longest message of a user, whose clients send larger ones, and of any client before Identify; a
///     longer one closes with 4002
@ConfigurationProperties("gateway.command")
public record CommandProperties(
        @DefaultValue("120") int limit,
        @DefaultValue("120") int controlLimit,
        @DefaultValue("60s") Duration window,
        @DefaultValue("5") int presenceLimit,
        @DefaultValue("20s") Duration presenceWindow,
        @DefaultValue("4096B") DataSize botFrameMax,
        @DefaultValue("15360B") DataSize userFrameMax) {
    /// An Identify with a signed token, properties and a presence takes most of it; below, clients could not
    /// authenticate.
    private static final DataSize FRAME_MIN = DataSize.ofBytes(1024);

    public CommandProperties {
        if (limit < 1 || controlLimit < 1 || presenceLimit < 1) {
            throw new IllegalArgumentException("gateway.command.limit is " + limit + ", control-limit " + controlLimit
                    + " and presence-limit " + presenceLimit + " (expected: each at least 1)");
        }
        if (botFrameMax.compareTo(FRAME_MIN) < 0 || userFrameMax.compareTo(botFrameMax) < 0) {
            throw new IllegalArgumentException("gateway.command.user-frame-max is " + userFrameMax
                    + " and bot-frame-max " + botFrameMax
                    + " (expected: the first not below the second, both at least 1 KB)");
        }
        if (window.isNegative() || window.isZero() || presenceWindow.isNegative() || presenceWindow.isZero()) {
            throw new IllegalArgumentException("gateway.command.window is " + window + " and presence-window "
                    + presenceWindow + " (expected: both above zero)");
        }
    }

    public int botFrameBytesMax() {
        return (int) botFrameMax.toBytes();
    }

    public int userFrameBytesMax() {
        return (int) userFrameMax.toBytes();
    }

    public FixedWindowLimiter commandLimiter(long startNanos) {
        return new FixedWindowLimiter(limit, window.toNanos(), startNanos);
    }

    public FixedWindowLimiter controlFrameLimiter(long startNanos) {
        return new FixedWindowLimiter(controlLimit, window.toNanos(), startNanos);
    }

    public FixedWindowLimiter presenceLimiter(long startNanos) {
        return new FixedWindowLimiter(presenceLimit, presenceWindow.toNanos(), startNanos);
    }
}
