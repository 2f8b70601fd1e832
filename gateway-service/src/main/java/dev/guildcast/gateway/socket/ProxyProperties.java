package dev.guildcast.gateway.socket;

import java.net.InetAddress;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Proxies in front of the gateway.
///
/// @param trusted addresses, or ranges such as `10.0.0.0/8`, of proxies whose `Forwarded` or `X-Forwarded-*` headers
/// are
///     believed: the client is the rightmost address in them that is not one of these. None by default, since anybody
/// can
///     send such headers; name no range that clients connect from
@ConfigurationProperties("gateway.proxies")
record ProxyProperties(@DefaultValue List<String> trusted) {
    ProxyProperties {
        trusted = List.copyOf(trusted);
        try {
            trusted.forEach(AddressRange::parse);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("gateway.proxies.trusted: " + e.getMessage(), e);
        }
    }

    boolean isTrusted(InetAddress address) {
        return trusted.stream().map(AddressRange::parse).anyMatch(range -> range.contains(address));
    }
}
