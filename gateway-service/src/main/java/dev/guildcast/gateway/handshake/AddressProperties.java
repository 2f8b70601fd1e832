package dev.guildcast.gateway.handshake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How often one address may connect. Libraries that ignore close codes come back for ever.
///
/// @param limit connections in one window; zero: no limit. Behind a proxy all clients share its address unless
///     `server.forward-headers-strategy` is set
/// @param window counted from an address's first connection
@ConfigurationProperties("gateway.address")
public record AddressProperties(
        @DefaultValue("3000") int limit,
        @DefaultValue("60s") Duration window) {
    public AddressProperties {
        if (limit < 0 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("gateway.address.limit is " + limit + " and window " + window
                    + " (expected: not below zero, and above zero)");
        }
    }
}
