package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.guard.Guard;
import reactor.core.publisher.Mono;

/// Asks the shared limiter, and this node's own when that does not answer.
final class GuardedIdentifyLimiter implements IdentifyLimiter {
    private final IdentifyLimiter shared;
    private final IdentifyLimiter own;
    private final Guard guard;

    GuardedIdentifyLimiter(IdentifyLimiter shared, IdentifyLimiter own, Guard guard) {
        this.shared = shared;
        this.own = own;
        this.guard = guard;
    }

    @Override
    public Mono<Verdict> tryStart(long userId, int bucket, boolean counted) {
        return guard.around(shared.tryStart(userId, bucket, counted))
                .onErrorResume(error -> own.tryStart(userId, bucket, counted));
    }

    @Override
    public Mono<Allowance> allowance(long userId) {
        return guard.around(shared.allowance(userId)).onErrorResume(error -> own.allowance(userId));
    }
}
