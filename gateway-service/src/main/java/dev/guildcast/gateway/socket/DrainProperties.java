package dev.guildcast.gateway.socket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a gateway drains its connections when it stops. With the defaults all connections have op 7 after 50 s, the last
/// of
/// them are closed after 60 s, and a window of 75 s leaves a margin.
///
/// @param share percentage of the connections that get op 7 each second: more empties the gateway sooner, and the other
///     gateways get more resumes at a time
/// @param closeAfter a client that is still connected this long after its op 7 is closed with 1001
/// @param window duration of the whole drain; connections that are left then are closed with 1001 at once. Zero: all
///     are closed without op 7. The platform's grace period must be longer
@ConfigurationProperties("gateway.drain")
record DrainProperties(
        @DefaultValue("2") int share,
        @DefaultValue("10s") Duration closeAfter,
        @DefaultValue("75s") Duration window) {
    DrainProperties {
        if (share < 1 || share > 100) {
            throw new IllegalArgumentException("gateway.drain.share is " + share + " (expected: 1 to 100 percent)");
        }
        if (closeAfter.isNegative() || window.isNegative()) {
            throw new IllegalArgumentException("gateway.drain.close-after is " + closeAfter + " and window " + window
                    + " (expected: neither below zero)");
        }
    }
}
