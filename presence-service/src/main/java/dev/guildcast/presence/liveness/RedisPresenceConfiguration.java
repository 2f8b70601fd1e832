package dev.guildcast.presence.liveness;

import dev.guildcast.shard.clock.MonotonicClock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

@Configuration(proxyBeanMethods = false)
class RedisPresenceConfiguration {
    /// `presence.store`: redis, or memory for a single instance that may lose its state on a restart.
    @Bean
    @ConditionalOnProperty(name = "presence.store", havingValue = "redis", matchIfMissing = true)
    PresenceStore redisPresenceStore(ReactiveRedisConnectionFactory connections, PresenceProperties properties) {
        return new RedisPresenceStore(connections, properties.ttl(), properties.shownTtl());
    }

    @Bean
    @ConditionalOnProperty(name = "presence.store", havingValue = "memory")
    PresenceStore memoryPresenceStore() {
        return new MemoryPresenceStore(new MonotonicClock());
    }
}
