package dev.guildcast.gateway.handshake;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The same figures as in Redis, for this node alone.
final class LocalAddressLimiter implements AddressLimiter {
    private final LocalLimits limits;
    private final AddressProperties properties;

    LocalAddressLimiter(LocalLimits limits, AddressProperties properties) {
        this.limits = limits;
        this.properties = properties;
    }

    @Override
    public Mono<Optional<Duration>> tryConnect(String address) {
        return Mono.fromSupplier(() -> {
            synchronized (limits) {
                var key = "address:" + address;
                if (limits.used(key) >= properties.limit()) {
                    return Optional.of(Duration.ofMillis(limits.leftMillis(key)));
                }
                limits.count(key, properties.window().toMillis());
                return Optional.empty();
            }
        });
    }
}
