package dev.guildcast.gateway.limit;

import dev.guildcast.shard.call.CallGuard;
import reactor.core.publisher.Mono;

/// Uses the limiter that all gateways share, and this node's local one while that is unavailable.
final class FallbackIdentifyLimiter implements IdentifyLimiter {
    private final IdentifyLimiter shared;
    private final IdentifyLimiter local;
    private final CallGuard guard;

    FallbackIdentifyLimiter(IdentifyLimiter shared, IdentifyLimiter local, CallGuard guard) {
        this.shared = shared;
        this.local = local;
        this.guard = guard;
    }

    @Override
    public Mono<StartDecision> tryStart(long userId, int bucket, boolean counted) {
        return guard.around(shared.tryStart(userId, bucket, counted))
                .onErrorResume(error -> local.tryStart(userId, bucket, counted));
    }

    @Override
    public Mono<SessionStartLimit> sessionStartLimit(long userId) {
        return guard.around(shared.sessionStartLimit(userId)).onErrorResume(error -> local.sessionStartLimit(userId));
    }
}
