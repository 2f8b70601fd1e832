package dev.guildcast.gateway.limit;

import dev.guildcast.gateway.resilience.CallGuardFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({IdentifyProperties.class, AddressProperties.class, LimiterProperties.class})
class LimitConfiguration {
    @Bean
    ExpiringCounters localCounters(LimiterProperties properties) {
        return new ExpiringCounters(properties.localMax(), () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    @Bean
    ForeignValues foreignValues(MeterRegistry registry) {
        return new ForeignValues(registry);
    }

    @Bean
    IdentifyLimiter identifyLimiter(
            ReactiveStringRedisTemplate redis,
            IdentifyProperties properties,
            LimiterProperties limiter,
            ExpiringCounters local,
            MeterRegistry registry,
            ForeignValues foreignValues) {
        return new FallbackIdentifyLimiter(
                new RedisIdentifyLimiter(redis, properties),
                new LocalIdentifyLimiter(local, properties),
                CallGuardFactory.create(
                        "redis-identify",
                        limiter.toCallGuardSettings(),
                        "identifies are limited by each gateway for itself, so a user has the limits once per gateway",
                        registry,
                        foreignValues::isFound));
    }

    @Bean
    AddressLimiter addressLimiter(
            ReactiveStringRedisTemplate redis,
            AddressProperties properties,
            LimiterProperties limiter,
            ExpiringCounters local,
            MeterRegistry registry,
            ForeignValues foreignValues) {
        if (properties.limit() == 0) {
            return AddressLimiter.UNLIMITED;
        }
        return new FallbackAddressLimiter(
                new RedisAddressLimiter(redis, properties),
                new LocalAddressLimiter(local, properties),
                CallGuardFactory.create(
                        "redis-address",
                        limiter.toCallGuardSettings(),
                        "connections are limited by each gateway for itself, so an address has the limit once per gateway",
                        registry,
                        foreignValues::isFound));
    }
}
