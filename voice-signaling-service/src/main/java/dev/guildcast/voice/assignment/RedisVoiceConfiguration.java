package dev.guildcast.voice.assignment;

import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.clock.MonotonicClock;
import dev.guildcast.voice.VoiceProperties;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;

@Configuration(proxyBeanMethods = false)
class RedisVoiceConfiguration {
    private static final String STORE = "voice-store";

    /// Decides which voice servers are alive, and what is due.
    @Bean
    MonotonicClock monotonicClock() {
        return new MonotonicClock();
    }

    @Bean
    GuardedVoiceAssignmentStore voiceStore(
            ReactiveRedisConnectionFactory connections,
            VoiceProperties properties,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits,
            MonotonicClock clock) {
        var store = switch (properties.store()) {
            case REDIS -> new RedisVoiceAssignmentStore(connections, properties.liveness(), properties.guildTtl());
            case MEMORY -> new MemoryVoiceAssignmentStore(clock, properties.liveness());
        };
        var guard = CallGuard.named(
                STORE,
                STORE,
                "guilds' servers and users are known from memory only; another instance may assign a guild another server",
                breakers,
                bulkheads,
                limits);
        return new GuardedVoiceAssignmentStore(store, guard);
    }
}
