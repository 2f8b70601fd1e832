package dev.guildcast.backend;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Files and addresses of the backend.
///
/// @param world file of guilds and users, in the form that the launcher loads; read at the start
/// @param tokens file of tokens, as the gateways read it; read again when it has changed
/// @param gateway a gateway's HTTP address, for the routes that it answers itself
/// @param messagesMax messages kept for each channel; the oldest are forgotten first. Enough for a client to scroll
///     back, in a backend that keeps all in memory
@ConfigurationProperties("backend")
public record BackendProperties(
        Path world,
        Path tokens,
        URI gateway,
        @DefaultValue("500") int messagesMax) {
    public BackendProperties {
        if (messagesMax < 1) {
            throw new IllegalArgumentException("backend.messages-max is " + messagesMax + " (expected: at least 1)");
        }
    }
}
