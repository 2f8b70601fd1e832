package dev.guildcast.gateway.command;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much one client may say.
///
/// @param limit frames of any kind in one window, heartbeats included; the next one closes with 4008. Libraries budget
///     for 120
/// @param window counted from the connection's start
/// @param presenceLimit changes of presence in one presence window; more are dropped without a word
/// @param presenceWindow counted from the connection's start
@ConfigurationProperties("gateway.command")
public record CommandProperties(
        @DefaultValue("120") int limit,
        @DefaultValue("60s") Duration window,
        @DefaultValue("5") int presenceLimit,
        @DefaultValue("20s") Duration presenceWindow) {
    public CommandProperties {
        if (limit < 1 || presenceLimit < 1) {
            throw new IllegalArgumentException("gateway.command.limit is " + limit + " and presence-limit "
                    + presenceLimit + " (expected: both at least 1)");
        }
        if (window.isNegative() || window.isZero() || presenceWindow.isNegative() || presenceWindow.isZero()) {
            throw new IllegalArgumentException("gateway.command.window is " + window + " and presence-window "
                    + presenceWindow + " (expected: both above zero)");
        }
    }

    public FixedWindow commands(long startNanos) {
        return new FixedWindow(limit, window.toNanos(), startNanos);
    }

    public FixedWindow presences(long startNanos) {
        return new FixedWindow(presenceLimit, presenceWindow.toNanos(), startNanos);
    }
}
