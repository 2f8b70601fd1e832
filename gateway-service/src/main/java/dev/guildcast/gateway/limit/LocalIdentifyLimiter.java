package dev.guildcast.gateway.limit;

import java.time.Duration;
import reactor.core.publisher.Mono;

/// Counts session starts on this node, with the same limits as in Redis: a reconnect storm is limited without Redis,
/// too.
final class LocalIdentifyLimiter implements IdentifyLimiter {
    private final ExpiringCounters counters;
    private final IdentifyProperties properties;

    LocalIdentifyLimiter(ExpiringCounters counters, IdentifyProperties properties) {
        this.counters = counters;
        this.properties = properties;
    }

    @Override
    public Mono<StartDecision> tryStart(long userId, int bucket, boolean counted) {
        return Mono.fromSupplier(() -> decide(userId, bucket, counted));
    }

    private StartDecision decide(long userId, int bucket, boolean counted) {
        synchronized (counters) {
            var bucketKey = Long.toUnsignedString(userId) + ":" + bucket;
            long busyMillis = counters.remainingMillis(bucketKey);
            if (busyMillis > 0) {
                return new StartDecision.BucketBusy(Duration.ofMillis(busyMillis));
            }
            var startsKey = startsKey(userId);
            if (counted) {
                if (counters.value(startsKey) >= properties.startsOf(userId)) {
                    return new StartDecision.Exhausted(Duration.ofMillis(counters.remainingMillis(startsKey)));
                }
                counters.increment(startsKey, properties.startsWindow().toMillis());
            }
            counters.increment(bucketKey, properties.window().toMillis());
            return StartDecision.Granted.GRANTED;
        }
    }

    @Override
    public Mono<SessionStartLimit> sessionStartLimit(long userId) {
        return Mono.fromSupplier(() -> {
            int startsUsed = counters.value(startsKey(userId));
            return new SessionStartLimit(
                    properties.startsOf(userId),
                    Math.max(0, properties.startsOf(userId) - startsUsed),
                    Duration.ofMillis(counters.remainingMillis(startsKey(userId))));
        });
    }

    private static String startsKey(long userId) {
        return "starts:" + Long.toUnsignedString(userId);
    }
}
