package dev.guildcast.gateway.limit;

import dev.guildcast.shard.redis.RedisScripts;
import java.time.Duration;
import java.util.List;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;

/// Counts session starts in Redis, for all gateways together.
final class RedisIdentifyLimiter implements IdentifyLimiter {
    @SuppressWarnings("rawtypes")
    private static final RedisScript<List> SCRIPT =
            RedisScripts.load(RedisIdentifyLimiter.class, "identify.lua", List.class);

    private final ReactiveStringRedisTemplate redis;
    private final IdentifyProperties properties;

    RedisIdentifyLimiter(ReactiveStringRedisTemplate redis, IdentifyProperties properties) {
        this.redis = redis;
        this.properties = properties;
    }

    @Override
    public Mono<StartDecision> tryStart(long userId, int bucket, boolean counted) {
        return redis.execute(
                        SCRIPT,
                        List.of("rl:identify:{" + Long.toUnsignedString(userId) + "}:" + bucket, startsKey(userId)),
                        List.of(
                                Long.toString(properties.window().toMillis()),
                                Integer.toString(properties.startsOf(userId)),
                                Long.toString(properties.startsWindow().toMillis()),
                                counted ? "1" : "0"))
                .next()
                .map(RedisIdentifyLimiter::decision);
    }

    private static StartDecision decision(List<?> result) {
        var retryAfter = Duration.ofMillis(Math.max(0, ((Number) result.get(1)).longValue()));
        return switch (((Number) result.get(0)).intValue()) {
            case 1 -> StartDecision.Granted.GRANTED;
            case 0 -> new StartDecision.BucketBusy(retryAfter);
            default -> new StartDecision.Exhausted(retryAfter);
        };
    }

    @Override
    public Mono<SessionStartLimit> sessionStartLimit(long userId) {
        var used = redis.opsForValue()
                .get(startsKey(userId))
                .map(Integer::parseInt)
                .defaultIfEmpty(0);
        var resetAfter = redis.getExpire(startsKey(userId)).defaultIfEmpty(Duration.ZERO);
        return Mono.zip(used, resetAfter)
                .map(usedAndResetAfter -> new SessionStartLimit(
                        properties.startsOf(userId),
                        Math.max(0, properties.startsOf(userId) - usedAndResetAfter.getT1()),
                        usedAndResetAfter.getT2()));
    }

    private static String startsKey(long userId) {
        return "rl:starts:{" + Long.toUnsignedString(userId) + "}";
    }
}
