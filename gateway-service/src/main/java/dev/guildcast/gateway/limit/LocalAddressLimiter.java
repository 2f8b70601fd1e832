package dev.guildcast.gateway.limit;

import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Counts the connections of each address on this node, with the same limits as in Redis.
final class LocalAddressLimiter implements AddressLimiter {
    private final ExpiringCounters counters;
    private final AddressProperties properties;

    LocalAddressLimiter(ExpiringCounters counters, AddressProperties properties) {
        this.counters = counters;
        this.properties = properties;
    }

    @Override
    public Mono<Optional<Duration>> tryConnect(String address) {
        return Mono.fromSupplier(() -> {
            synchronized (counters) {
                var key = "address:" + address;
                if (counters.value(key) >= properties.limit()) {
                    return Optional.of(Duration.ofMillis(counters.remainingMillis(key)));
                }
                counters.increment(key, properties.window().toMillis());
                return Optional.empty();
            }
        });
    }
}
