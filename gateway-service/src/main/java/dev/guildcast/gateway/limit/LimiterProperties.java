package dev.guildcast.gateway.limit;

import dev.guildcast.shard.call.CallGuardSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Calls to the Redis that holds the limits of all gateways, and the local limiter that is used while it is
/// unavailable. A Redis that serves responds within a few milliseconds, but while thousands of clients connect at once
/// a call waits for the processors of this node: with 250 ms the local limiter would take over just then, when the
/// limits of all gateways matter most. After a second Redis is gone; a client does not notice that delay. 100 000 local
/// counters take about 15 MB.
///
/// @param redisLimit timeout of one call, after which the local limiter decides; an Identify may be delayed by it. The
///     default is far above what a healthy Redis takes, and little beside the round trips of a connect
/// @param concurrentMax calls in flight; for more the local limiter decides at once. The default permits 4000 calls a
///     second even if every call lasts for its whole limit
/// @param openFor how long Redis is not called after half of the last 20 calls failed. The local limiter decides
///     meanwhile, so a few seconds cost little
/// @param localMax users and addresses that the local limiter counts; the least recently used are evicted first, and
///     then start anew. The default exceeds the connections of a full gateway
@ConfigurationProperties("gateway.limiter")
record LimiterProperties(
        @DefaultValue("1s") Duration redisLimit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("100000") int localMax) {
    LimiterProperties {
        if (localMax < 1) {
            throw new IllegalArgumentException("gateway.limiter.local-max is " + localMax + " (expected: at least 1)");
        }
    }

    CallGuardSettings toCallGuardSettings() {
        return CallGuardSettings.of(redisLimit, concurrentMax, openFor);
    }
}
