package dev.guildcast.gateway.limit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How often one IP address may connect. Client libraries that ignore close codes reconnect without end.
/// The default, 50 each second, is more than the users behind one address need when all of them reconnect, and less
/// than a client in a tight loop takes.
///
/// @param limit connections in one window; the next is answered with 429. Zero: no limit. Behind a proxy all clients
///     share its address unless `server.forward-headers-strategy` is set. The default admits many clients behind one
///     address, such as an office or a host of bots, and stops a loop of connects
/// @param window length of a window, from an address's first connection. As long as the protocol's window for commands
@ConfigurationProperties("gateway.address")
record AddressProperties(
        @DefaultValue("3000") int limit,
        @DefaultValue("60s") Duration window) {
    AddressProperties {
        if (limit < 0 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("gateway.address.limit is " + limit + " and window " + window
                    + " (expected: a limit of zero or more, and a window above zero)");
        }
    }
}
