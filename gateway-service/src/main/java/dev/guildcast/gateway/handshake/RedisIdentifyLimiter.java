package dev.guildcast.gateway.handshake;

import java.time.Duration;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/// Session starts, counted for all gateways in Redis.
final class RedisIdentifyLimiter implements IdentifyLimiter {
    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> SCRIPT =
            RedisScript.of(new ClassPathResource("redis/identify.lua"), List.class);

    private final ReactiveStringRedisTemplate redis;
    private final IdentifyProperties properties;

    RedisIdentifyLimiter(ReactiveStringRedisTemplate redis, IdentifyProperties properties) {
        this.redis = redis;
        this.properties = properties;
    }

    @Override
    public Mono<Verdict> tryStart(long userId, int bucket, boolean counted) {
        return redis.execute(
                        SCRIPT,
                        List.of("rl:identify:{" + userId + "}:" + bucket, starts(userId)),
                        List.of(
                                Long.toString(properties.window().toMillis()),
                                Integer.toString(properties.starts()),
                                Long.toString(properties.startsWindow().toMillis()),
                                counted ? "1" : "0"))
                .next()
                .map(RedisIdentifyLimiter::verdict);
    }

    private static Verdict verdict(List<?> answer) {
        var time = Duration.ofMillis(Math.max(0, ((Number) answer.get(1)).longValue()));
        return switch (((Number) answer.get(0)).intValue()) {
            case 1 -> Verdict.Granted.GRANTED;
            case 0 -> new Verdict.Wait(time);
            default -> new Verdict.Exhausted(time);
        };
    }

    @Override
    public Mono<Allowance> allowance(long userId) {
        var used =
                redis.opsForValue().get(starts(userId)).map(Integer::parseInt).defaultIfEmpty(0);
        var left = redis.getExpire(starts(userId)).defaultIfEmpty(Duration.ZERO);
        return Mono.zip(used, left)
                .map(both -> new Allowance(
                        properties.starts(), Math.max(0, properties.starts() - both.getT1()), both.getT2()));
    }

    private static String starts(long userId) {
        return "rl:starts:{" + userId + "}";
    }
}
