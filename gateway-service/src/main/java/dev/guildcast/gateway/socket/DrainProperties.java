package dev.guildcast.gateway.socket;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How a gateway drains its connections when it stops. With the defaults all connections have op 7 after 50 s, the last
/// of them are closed after 60 s, and a window of 75 s leaves a margin. The window has precedence: where it is too
/// short for the other two, `closeAfter` is at most half of it, and op 7 is sent at the rate that reaches everyone in
/// the rest.
///
/// @param share percentage of the connections that get op 7 each second, at least: more empties the gateway sooner,
///     and the other gateways get more resumes at a time. The default empties a gateway within 50 s, in time for
///     `window`
/// @param closeAfter a client that is still connected this long after its op 7 is closed with 1001. Libraries close
///     as soon as they read op 7; a client that has not closed by then never does
/// @param window duration of the whole drain; connections that are left then are closed with 1001 at once. Zero: all
///     get op 7 and are closed at once. The platform's grace period must be longer. The default is the 50 s of
///     `share`, `close-after` and a margin
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

    /// Time from a client's op 7 to its close: `closeAfter`, or half of a shorter window.
    Duration effectiveCloseAfter() {
        var half = window.dividedBy(2);
        return closeAfter.compareTo(half) < 0 ? closeAfter : half;
    }

    /// How many clients get op 7 each second: `share`, or as many as it takes for the last to have
    /// [#effectiveCloseAfter] left. Positive; infinite without a window.
    double requestsPerSecond(int connections) {
        double seconds = window.minus(effectiveCloseAfter()).toNanos() / 1e9;
        double needed = seconds > 0 ? connections / seconds : Double.POSITIVE_INFINITY;
        return Math.max(Math.max(1, connections * share / 100.0), needed);
    }
}
