package dev.guildcast.gateway.handshake;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// How often one address may connect. Safe for use from any thread; never blocks.
public interface AddressLimiter {
    /// Empty when it may; else how long it should wait.
    Mono<Optional<Duration>> tryConnect(String address);

    /// For installations that limit addresses in front of the gateway.
    AddressLimiter NONE = address -> Mono.just(Optional.empty());
}
