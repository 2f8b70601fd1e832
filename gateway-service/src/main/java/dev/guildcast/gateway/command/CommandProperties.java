package dev.guildcast.gateway.command;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How much one client may say.
///
/// @param limit frames of any kind in one window, heartbeats included; the next one closes with 4008. Libraries budget
///     for 120
/// @param window counted from the connection's start
/// @param presenceLimit changes of presence in one presence window; more are dropped without a word
/// @param presenceWindow counted from the connection's start
/// @param botFrameMax longest message of a bot; a longer one closes with 4002
/// @param userFrameMax longest message of a user, whose clients send larger ones; also of anyone before Identify
@ConfigurationProperties("gateway.command")
public record CommandProperties(
        @DefaultValue("120") int limit,
        @DefaultValue("60s") Duration window,
        @DefaultValue("5") int presenceLimit,
        @DefaultValue("20s") Duration presenceWindow,
        @DefaultValue("4096B") DataSize botFrameMax,
        @DefaultValue("15360B") DataSize userFrameMax) {
    private static final DataSize FRAME_LEAST = DataSize.ofBytes(1024);

    public CommandProperties {
        if (limit < 1 || presenceLimit < 1) {
            throw new IllegalArgumentException("gateway.command.limit is " + limit + " and presence-limit "
                    + presenceLimit + " (expected: both at least 1)");
        }
        if (botFrameMax.compareTo(FRAME_LEAST) < 0 || userFrameMax.compareTo(botFrameMax) < 0) {
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

    public FixedWindow commands(long startNanos) {
        return new FixedWindow(limit, window.toNanos(), startNanos);
    }

    public FixedWindow presences(long startNanos) {
        return new FixedWindow(presenceLimit, presenceWindow.toNanos(), startNanos);
    }
}
