package dev.guildcast.gateway.handshake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How dead connections are noticed.
///
/// @param interval that Hello asks for; a connection without a beat for one and a half of it is closed with 4000.
///     Longer costs less traffic and holds dead sockets for longer; at 60 s and above some libraries give up
@ConfigurationProperties("gateway.heartbeat")
public record HeartbeatProperties(@DefaultValue("41250ms") Duration interval) {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    public HeartbeatProperties {
        if (interval.isNegative() || interval.isZero() || interval.compareTo(LONGEST) >= 0) {
            throw new IllegalArgumentException(
                    "gateway.heartbeat.interval is " + interval + " (expected: above zero and below 60 s)");
        }
    }
}
