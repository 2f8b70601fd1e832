package dev.guildcast.shard.access;

import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.voice.v1.VoiceGrpc;
import dev.guildcast.voice.v1.VoiceMediaGrpc;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who serves each gRPC method, and who may call it. What has no row is refused.
///
/// Immutable; any thread reads it.
public final class GrpcMethodRoles {
    /// @param servers roles of the processes that serve the method
    /// @param callers roles that may call it
    public record Row(Set<PeerRole> servers, Set<PeerRole> callers) {
        public Row {
            servers = Set.copyOf(servers);
            callers = Set.copyOf(callers);
        }
    }

    private static final Set<PeerRole> SERVICES =
            Set.of(PeerRole.SESSION, PeerRole.FANOUT, PeerRole.PRESENCE, PeerRole.VOICE, PeerRole.COORDINATOR);
    private static final Map<String, Row> ROWS = new HashMap<>();

    static {
        // Opens a session as any user.
        row(SessionHostGrpc.getConnectMethod(), PeerRole.SESSION, PeerRole.GATEWAY);
        row(SessionHostGrpc.getUserGuildsMethod(), PeerRole.SESSION, PeerRole.PRESENCE, PeerRole.OPERATOR);

        row(GuildQueryGrpc.getExplainMethod(), PeerRole.FANOUT, PeerRole.OPERATOR);
        row(GuildQueryGrpc.getMembersMethod(), PeerRole.FANOUT, PeerRole.OPERATOR);
        row(GuildQueryGrpc.getStatsMethod(), PeerRole.FANOUT, PeerRole.OPERATOR);
        row(GuildQueryGrpc.getVoiceJoinMethod(), PeerRole.FANOUT, PeerRole.VOICE);

        row(IngressGrpc.getPublishMethod(), PeerRole.FANOUT, PeerRole.PUBLISHER);

        row(PresenceStatesGrpc.getBeatMethod(), PeerRole.PRESENCE, PeerRole.SESSION);
        row(PresenceStatesGrpc.getGetMethod(), PeerRole.PRESENCE, PeerRole.FANOUT);

        row(VoiceGrpc.getUpdateStateMethod(), PeerRole.VOICE, PeerRole.GATEWAY);
        // Its caller receives the tokens of the users in its rooms.
        row(VoiceGrpc.getRegisterServerMethod(), PeerRole.VOICE, PeerRole.VOICE_SERVER);
        // Its caller receives the keys of the media in its rooms.
        row(VoiceMediaGrpc.getConnectMethod(), PeerRole.VOICE, PeerRole.VOICE_SERVER);

        // Its caller is assigned shards.
        row(CoordinatorGrpc.getRegisterMethod(), PeerRole.COORDINATOR, PeerRole.SESSION, PeerRole.FANOUT);
        row(
                CoordinatorGrpc.getWatchMethod(),
                PeerRole.COORDINATOR,
                PeerRole.GATEWAY,
                PeerRole.SESSION,
                PeerRole.FANOUT,
                PeerRole.PRESENCE,
                PeerRole.VOICE,
                PeerRole.OPERATOR);
        row(CoordinatorGrpc.getDrainMethod(), PeerRole.COORDINATOR, PeerRole.OPERATOR);
        row(CoordinatorGrpc.getMoveMethod(), PeerRole.COORDINATOR, PeerRole.OPERATOR);
        row(CoordinatorGrpc.getPinMethod(), PeerRole.COORDINATOR, PeerRole.OPERATOR);
        row(CoordinatorGrpc.getUnpinMethod(), PeerRole.COORDINATOR, PeerRole.OPERATOR);
        row(CoordinatorGrpc.getGetMapMethod(), PeerRole.COORDINATOR, PeerRole.OPERATOR);

        // gRPC's own services. Probes use HTTP, since the kubelet cannot show a certificate; reflection is off unless
        // spring.grpc.server.reflection.enabled turns it on.
        for (String method : new String[] {
            "grpc.health.v1.Health/Check",
            "grpc.health.v1.Health/List",
            "grpc.health.v1.Health/Watch",
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
        }) {
            ROWS.put(method, new Row(SERVICES, Set.of(PeerRole.OPERATOR)));
        }
    }

    private GrpcMethodRoles() {}

    /// The row of a method; empty if it has none.
    ///
    /// @param method its full name, such as `dev.guildcast.link.v1.SessionHost/Connect`
    public static Optional<Row> row(String method) {
        return Optional.ofNullable(ROWS.get(method));
    }

    /// The full names of all methods with a row.
    public static Set<String> methods() {
        return Set.copyOf(ROWS.keySet());
    }

    private static void row(MethodDescriptor<?, ?> method, PeerRole server, PeerRole... callers) {
        ROWS.put(method.getFullMethodName(), new Row(Set.of(server), Set.of(callers)));
    }
}
