package dev.guildcast.gateway.limit;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Limits how often one IP address may connect. Safe for use from any thread; never blocks.
public interface AddressLimiter {
    /// Counts a connection of this address.
    ///
    /// @return empty if it may connect, else how long it has to wait
    Mono<Optional<Duration>> tryConnect(String address);

    /// No limit, for installations that limit addresses in front of the gateway.
    AddressLimiter UNLIMITED = address -> Mono.just(Optional.empty());
}
