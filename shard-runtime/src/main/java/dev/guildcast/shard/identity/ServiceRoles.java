package dev.guildcast.shard.identity;

import dev.guildcast.shard.access.PeerRole;
import java.util.Map;

/// The role of each service, by `spring.application.name`.
final class ServiceRoles {
    private static final Map<String, PeerRole> ROLES = Map.of(
            "gateway-service", PeerRole.GATEWAY,
            "session-service", PeerRole.SESSION,
            "fanout-service", PeerRole.FANOUT,
            "presence-service", PeerRole.PRESENCE,
            "voice-signaling-service", PeerRole.VOICE,
            "shard-coordinator", PeerRole.COORDINATOR,
            "voice-server", PeerRole.VOICE_SERVER);

    private ServiceRoles() {}

    /// @throws IllegalArgumentException if it is no service of an installation
    static PeerRole of(String application) {
        var role = ROLES.get(application);
        if (role == null) {
            throw new IllegalArgumentException("spring.application.name " + application + " (expected: one of "
                    + ROLES.keySet().stream().sorted().toList() + ")");
        }
        return role;
    }
}
