package dev.guildcast.fanout.node;

import dev.guildcast.shard.node.PlacementMode;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How this node runs its shards.
///
/// @param placement who decides which shards the node owns
/// @param shards with static placement, the shards claimed at the start, such as `guild-0`; empty: all guild and user
///     shards, which suits a single node only
/// @param linger how long a delivery waits in the Kafka producer for a batch; 2 to 5 ms in clusters gives fewer, larger
///     requests for that much latency
/// @param typingAgeMax a typing event that waited longer is dropped. Clients show typing for about ten seconds after
///     the event, so an older one would last too long
/// @param drain how long a stopping process waits for the coordinator to move its shards away, so that they continue
///     without a pause; 0: it ends at once, and they fail over
/// @param presence the last known presences
@ConfigurationProperties("fanout")
record FanoutProperties(
        @DefaultValue("coordinator") PlacementMode placement,
        @DefaultValue List<String> shards,
        @DefaultValue("1ms") Duration linger,
        @DefaultValue("5s") Duration typingAgeMax,
        @DefaultValue("0s") Duration drain,
        @DefaultValue PresenceCacheProperties presence) {
    FanoutProperties {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("fanout.drain " + drain + " (expected: 0 or more)");
        }
        if (linger.isNegative() || linger.compareTo(Duration.ofMillis(100)) > 0) {
            throw new IllegalArgumentException("fanout.linger " + linger + " (expected: 0 to 100ms)");
        }
        if (!typingAgeMax.isPositive()) {
            throw new IllegalArgumentException("fanout.typing-age-max " + typingAgeMax + " (expected: above 0)");
        }
        if (placement == PlacementMode.COORDINATOR && !shards.isEmpty()) {
            throw new IllegalArgumentException("fanout.shards is set, which needs fanout.placement=static");
        }
    }

    /// @param target host:port of the presence service, queried when a shard becomes owned here; empty: no query, and
    ///     presences are cached as they change
    /// @param usersMax cached users of one shard who are not offline, about 500 bytes each. The default is at most
    ///     250 MB a shard
    /// @param pageUsers users per request; larger pages mean fewer and longer calls. The default is about 250 KB a
    ///     response
    record PresenceCacheProperties(
            @DefaultValue("127.0.0.1:9085") String target,
            @DefaultValue("500000") int usersMax,
            @DefaultValue("500") int pageUsers) {
        PresenceCacheProperties {
            if (usersMax < 1 || pageUsers < 1 || pageUsers > 1000) {
                throw new IllegalArgumentException("fanout.presence.users-max " + usersMax + ", page-users " + pageUsers
                        + " (expected: at least 1, and 1 to 1000)");
            }
        }
    }
}
