package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.guard.Guard;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Asks the shared limiter, and this node's own when that does not answer.
final class GuardedAddressLimiter implements AddressLimiter {
    private final AddressLimiter shared;
    private final AddressLimiter own;
    private final Guard guard;

    GuardedAddressLimiter(AddressLimiter shared, AddressLimiter own, Guard guard) {
        this.shared = shared;
        this.own = own;
        this.guard = guard;
    }

    @Override
    public Mono<Optional<Duration>> tryConnect(String address) {
        return guard.around(shared.tryConnect(address)).onErrorResume(error -> own.tryConnect(address));
    }
}
