package dev.guildcast.gateway.handshake;

import java.time.Duration;
import reactor.core.publisher.Mono;

/// The same figures as in Redis, for this node alone: a herd is limited when Redis is away, too.
final class LocalIdentifyLimiter implements IdentifyLimiter {
    private final LocalLimits limits;
    private final IdentifyProperties properties;

    LocalIdentifyLimiter(LocalLimits limits, IdentifyProperties properties) {
        this.limits = limits;
        this.properties = properties;
    }

    @Override
    public Mono<Verdict> tryStart(long userId, int bucket, boolean counted) {
        return Mono.fromSupplier(() -> start(userId, bucket, counted));
    }

    private Verdict start(long userId, int bucket, boolean counted) {
        synchronized (limits) {
            var place = userId + ":" + bucket;
            long busyMillis = limits.leftMillis(place);
            if (busyMillis > 0) {
                return new Verdict.Wait(Duration.ofMillis(busyMillis));
            }
            var starts = starts(userId);
            if (counted) {
                if (limits.used(starts) >= properties.starts()) {
                    return new Verdict.Exhausted(Duration.ofMillis(limits.leftMillis(starts)));
                }
                limits.count(starts, properties.startsWindow().toMillis());
            }
            limits.count(place, properties.window().toMillis());
            return Verdict.Granted.GRANTED;
        }
    }

    @Override
    public Mono<Allowance> allowance(long userId) {
        return Mono.fromSupplier(() -> {
            int used = limits.used(starts(userId));
            return new Allowance(
                    properties.starts(),
                    Math.max(0, properties.starts() - used),
                    Duration.ofMillis(limits.leftMillis(starts(userId))));
        });
    }

    private static String starts(long userId) {
        return "starts:" + userId;
    }
}
