package dev.guildcast.gateway.link;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How the gateway holds on to the hosts of session shards.
///
/// @param hosts host:port of session hosts, shard `i` at entry `i` modulo their number; set it only where there is no
///     coordinator to ask
/// @param credit bytes of dispatches that a host may have on the way to this gateway; more rides out longer pauses of
///     the event loops, and is what a host's burst can cost in memory
/// @param ownerlessMax how long a connection waits for an owner of its session: longer rides out slower failovers,
///     shorter sends clients elsewhere sooner. An Identify or Resume without an answer ends then, too
/// @param reconnectSpread clients that lost their owner are sent away over this time, so that they do not come back
///     all at once
/// @param retryMin shortest wait before a host is asked again
/// @param retryMax longest wait before a host is asked again
/// @param askAgain a host that has not answered is asked again after this
/// @param unsentMax messages that wait while a host does not read; when full, the stream is cut and begun anew
/// @param commandsMax commands of one connection that have not been acknowledged
/// @param keepAlive how often an idle stream is probed; zero leaves it to TCP. Hosts must permit the figure
@ConfigurationProperties("gateway.link")
public record LinkProperties(
        @DefaultValue List<String> hosts,
        @DefaultValue("8MB") DataSize credit,
        @DefaultValue("10s") Duration ownerlessMax,
        @DefaultValue("3s") Duration reconnectSpread,
        @DefaultValue("50ms") Duration retryMin,
        @DefaultValue("1s") Duration retryMax,
        @DefaultValue("3s") Duration askAgain,
        @DefaultValue("65536") int unsentMax,
        @DefaultValue("256") int commandsMax,
        @DefaultValue("0s") Duration keepAlive) {
    public LinkProperties {
        if (retryMin.isNegative() || retryMin.isZero() || retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException("gateway.link.retry-max is " + retryMax
                    + " (expected: at least gateway.link.retry-min, which is " + retryMin + ", above zero)");
        }
        if (ownerlessMax.compareTo(retryMax) < 0) {
            throw new IllegalArgumentException("gateway.link.ownerless-max is " + ownerlessMax
                    + " (expected: at least gateway.link.retry-max, which is " + retryMax + ")");
        }
        if (credit.toBytes() < 1024 * 1024) {
            throw new IllegalArgumentException(
                    "gateway.link.credit is " + credit.toBytes() + " bytes (expected: at least 1 MB)");
        }
        if (unsentMax < 1 || commandsMax < 1) {
            throw new IllegalArgumentException("gateway.link.unsent-max and commands-max must be at least 1");
        }
    }
}
