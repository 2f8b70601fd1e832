package dev.guildcast.gateway.socket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a gateway that stops lets its clients go.
///
/// @param share of the connections that get op 7 each second, in percent: more empties the gateway sooner, and the
///     others meet more resumes at a time
/// @param closeAfter a client that is still there so long after its op 7 is closed with 1001
/// @param window for all of it; what is left then is closed at once. Zero: everyone is closed with 1001 without op 7.
///     The platform's grace period must be longer
@ConfigurationProperties("gateway.drain")
public record DrainProperties(
        @DefaultValue("2") int share,
        @DefaultValue("10s") Duration closeAfter,
        @DefaultValue("75s") Duration window) {
    public DrainProperties {
        if (share < 1 || share > 100) {
            throw new IllegalArgumentException("gateway.drain.share is " + share + " (expected: 1 to 100 percent)");
        }
        if (closeAfter.isNegative() || window.isNegative()) {
            throw new IllegalArgumentException("gateway.drain.close-after is " + closeAfter + " and window " + window
                    + " (expected: neither below zero)");
        }
    }
}
