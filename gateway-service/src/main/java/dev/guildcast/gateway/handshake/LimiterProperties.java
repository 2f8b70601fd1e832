package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.guard.GuardProperties;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The Redis that limits are kept in, and what serves when it is away.
///
/// @param redisLimit how long one call may take before this node's own limiter answers; every Identify may wait for it
/// @param concurrentMax calls in flight
/// @param openFor how long Redis is left alone after half of the last 20 calls failed
/// @param localMax users and addresses that this node's own limiter remembers; the least recently used go first
@ConfigurationProperties("gateway.limiter")
public record LimiterProperties(
        @DefaultValue("250ms") Duration redisLimit,
        @DefaultValue("1000") int concurrentMax,
        @DefaultValue("5s") Duration openFor,
        @DefaultValue("100000") int localMax) {
    public LimiterProperties {
        if (localMax < 1) {
            throw new IllegalArgumentException("gateway.limiter.local-max is " + localMax + " (expected: at least 1)");
        }
    }

    GuardProperties toGuard() {
        return new GuardProperties(redisLimit, concurrentMax, 20, openFor, 3);
    }
}
