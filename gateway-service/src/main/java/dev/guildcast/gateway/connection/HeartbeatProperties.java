package dev.guildcast.gateway.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How dead connections are detected. The default is the interval that client libraries know from Discord.
///
/// @param interval the heartbeat interval that Hello announces; a connection without a heartbeat for one and a half
///     intervals is closed with 4000. A longer one costs less traffic and keeps dead sockets for longer; at 60 s and
///     above some client libraries fail
@ConfigurationProperties("gateway.heartbeat")
public record HeartbeatProperties(@DefaultValue("41250ms") Duration interval) {
    /// At this interval and above some client libraries give the connection up.
    private static final Duration INTERVAL_LIMIT = Duration.ofSeconds(60);

    public HeartbeatProperties {
        if (interval.isNegative() || interval.isZero() || interval.compareTo(INTERVAL_LIMIT) >= 0) {
            throw new IllegalArgumentException(
                    "gateway.heartbeat.interval is " + interval + " (expected: above zero and below 60 s)");
        }
    }
}
