package dev.guildcast.gateway.limit;

import dev.guildcast.shard.redis.RedisScripts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/// Counts the connections of each address in Redis, for all gateways together.
final class RedisAddressLimiter implements AddressLimiter {
    private static final RedisScript<Long> SCRIPT =
            RedisScripts.load(RedisAddressLimiter.class, "address.lua", Long.class);

    private final ReactiveStringRedisTemplate redis;
    private final AddressProperties properties;

    RedisAddressLimiter(ReactiveStringRedisTemplate redis, AddressProperties properties) {
        this.redis = redis;
        this.properties = properties;
    }

    @Override
    public Mono<Optional<Duration>> tryConnect(String address) {
        return redis.execute(
                        SCRIPT,
                        List.of("rl:ip:{" + address + "}"),
                        List.of(
                                Integer.toString(properties.limit()),
                                Long.toString(properties.window().toMillis())))
                .next()
                .map(waitMillis -> waitMillis <= 0 ? Optional.empty() : Optional.of(Duration.ofMillis(waitMillis)));
    }
}
