package dev.guildcast.shard.access;

import java.util.Arrays;
import java.util.Optional;

/// What a process is in an installation; [GrpcMethodRoles] says what each may call.
///
/// The texts stand in certificates: none is ever renamed.
public enum PeerRole {
    GATEWAY("gateway"),
    SESSION("session"),
    FANOUT("fanout"),
    PRESENCE("presence"),
    VOICE("voice"),
    COORDINATOR("coordinator"),
    /// A media server, which registers at voice-signaling.
    VOICE_SERVER("voice-server"),
    /// A person, or a tool that acts for one.
    OPERATOR("operator"),
    /// A backend that publishes events.
    PUBLISHER("publisher");

    private final String text;

    PeerRole(String text) {
        this.text = text;
    }

    /// As it stands in certificates, headers and metrics.
    public String text() {
        return text;
    }

    /// The role with this text; empty if there is none.
    public static Optional<PeerRole> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text.equals(text)).findFirst();
    }
}
