package dev.guildcast.gateway.limit;

import dev.guildcast.shard.call.CallGuard;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Uses the limiter that all gateways share, and this node's local one while that is unavailable.
final class FallbackAddressLimiter implements AddressLimiter {
    private final AddressLimiter shared;
    private final AddressLimiter local;
    private final CallGuard guard;

    FallbackAddressLimiter(AddressLimiter shared, AddressLimiter local, CallGuard guard) {
        this.shared = shared;
        this.local = local;
        this.guard = guard;
    }

    @Override
    public Mono<Optional<Duration>> tryConnect(String address) {
        return guard.around(shared.tryConnect(address)).onErrorResume(error -> local.tryConnect(address));
    }
}
