package dev.guildcast.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.RedisServer;
import dev.guildcast.gateway.resilience.CallGuardFactory;
import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

class RedisLimitersIT extends IdentifyLimiterContract {
    private static LettuceConnectionFactory connections;
    private static ReactiveStringRedisTemplate redis;

    @BeforeAll
    static void connect() {
        var brokers = Brokers.shared();
        connections = connectTo(brokers.redisHost(), brokers.redisPort());
        redis = new ReactiveStringRedisTemplate(connections);
    }

    private static LettuceConnectionFactory connectTo(String host, int port) {
        var factory = new LettuceConnectionFactory(host, port);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    IdentifyLimiter limiter() {
        return new RedisIdentifyLimiter(redis, PROPERTIES);
    }

    @Test
    void printsIdsInKeysAsUnsigned() {
        long user = -ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        limiter().tryStart(user, 1, true).block();
        var id = Long.toUnsignedString(user);
        assertThat(redis.hasKey("rl:identify:{" + id + "}:1").block()).isTrue();
        assertThat(redis.hasKey("rl:starts:{" + id + "}").block()).isTrue();
    }

    @Test
    void limitsAddresses() {
        var addresses = new RedisAddressLimiter(redis, new AddressProperties(2, Duration.ofSeconds(60)));
        var address = UUID.randomUUID().toString();
        assertThat(addresses.tryConnect(address).block()).isEmpty();
        assertThat(addresses.tryConnect(address).block()).isEmpty();
        assertThat(addresses.tryConnect(address).block())
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
    }

    @Test
    void fallsBackWhileRedisIsPausedAndReturnsToItAfterwards() throws Exception {
        RedisServer server = Brokers.shared().newRedis();
        var factory = connectTo(server.host(), server.port());
        try {
            var guard = CallGuardFactory.create(
                    "test",
                    new CallGuardSettings(Duration.ofMillis(200), 100, 4, Duration.ofMillis(500), 2),
                    "limits are local",
                    new SimpleMeterRegistry());
            var limiter = new FallbackIdentifyLimiter(
                    new RedisIdentifyLimiter(new ReactiveStringRedisTemplate(factory), PROPERTIES),
                    new LocalIdentifyLimiter(new ExpiringCounters(100, System::currentTimeMillis), PROPERTIES),
                    guard);
            assertThat(limiter.tryStart(1, 0, true).block()).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
            server.pause();
            for (int i = 0; i < 4; i++) {
                assertThat(limiter.tryStart(2 + i, 0, true).block(Duration.ofSeconds(2)))
                        .isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
            }
            assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
            assertThat(limiter.tryStart(9, 0, true).block()).isEqualTo(IdentifyLimiter.StartDecision.Granted.GRANTED);
            long before = System.nanoTime();
            assertThat(limiter.tryStart(9, 0, true).block())
                    .isInstanceOf(IdentifyLimiter.StartDecision.BucketBusy.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(150));
            server.resume();
            await().untilAsserted(() -> {
                limiter.tryStart(System.nanoTime(), 0, true).block();
                assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
            });
        } finally {
            factory.destroy();
            server.close();
        }
    }
}
