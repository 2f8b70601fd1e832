package dev.guildcast.gateway.connection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How many connections one gateway accepts. With the default, idle connections take 1 GB.
///
/// @param max open connections; above it an upgrade is answered with 503. Each costs about 3 KB when idle and up to
///     `gateway.socket.outbound-limit` when its client is slow
/// @param retryAfter `Retry-After` of a rejected upgrade: longer spares a full gateway, shorter lets clients in sooner
@ConfigurationProperties("gateway.connections")
public record ConnectionProperties(
        @DefaultValue("50000") int max, @DefaultValue("5s") Duration retryAfter) {
    public ConnectionProperties {
        if (max < 1 || retryAfter.toSeconds() < 1) {
            throw new IllegalArgumentException("gateway.connections.max is " + max + " and retry-after " + retryAfter
                    + " (expected: at least 1 and at least 1 s)");
        }
    }
}
