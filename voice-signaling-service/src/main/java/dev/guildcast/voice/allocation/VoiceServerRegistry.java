package dev.guildcast.voice.allocation;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.VoiceSessionRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The voice servers that report to this instance.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#SERVERS_MAX] servers.
/// - **Promise:** a server is alive while its last report is younger than the liveness time, whether or not its stream
///   is open: a reconnect in time moves no guild.
public final class VoiceServerRegistry {
    /// Servers of one instance; further ones are rejected. Far above any real number: a bound against a faulty client.
    public static final int SERVERS_MAX = 10_000;

    private final Duration liveness;
    private final double assignmentWeight;
    private final RandomGenerator random;
    private final Map<String, RegisteredServer> servers = new HashMap<>();

    /// @param random draws candidates for a guild
    public VoiceServerRegistry(VoiceProperties properties, RandomGenerator random) {
        this.liveness = properties.liveness();
        this.assignmentWeight = properties.assignmentWeight();
        this.random = random;
    }

    /// A server that has not reported for this long is dead: `voice.liveness`.
    public Duration liveness() {
        return liveness;
    }

    /// A server registered; one that was registered before keeps its sockets and load.
    ///
    /// @param commands sends commands to the server; never blocks
    /// @return false if there are too many servers
    public boolean onHello(VoiceServer server, Consumer<ServerOrder> commands, long nowNanos) {
        RegisteredServer previous = servers.get(server.id());
        if (previous == null && servers.size() >= SERVERS_MAX) {
            return false;
        }
        var registered = new RegisteredServer(server, commands, nowNanos);
        if (previous != null) {
            registered.sockets = previous.sockets;
            registered.load = previous.load;
        }
        servers.put(server.id(), registered);
        return true;
    }

    /// @param sessions every session with a live voice socket on the server
    public void onReport(
            String id, double load, Collection<VoiceSessionRef> sessions, boolean draining, long nowNanos) {
        RegisteredServer registered = servers.get(id);
        if (registered != null) {
            registered.load = Double.isFinite(load) ? Math.clamp(load, 0, 1) : 1;
            registered.sockets = sessions.stream()
                    .map(VoiceServerRegistry::socketKey)
                    .collect(Collectors.toCollection(HashSet::new));
            registered.draining = draining;
            registered.assignedSince = 0;
            registered.reportedNanos = nowNanos;
        }
    }

    /// The server gave a sign of life.
    public void onSeen(String id, long nowNanos) {
        RegisteredServer registered = servers.get(id);
        if (registered != null) {
            registered.reportedNanos = nowNanos;
        }
    }

    /// The server is known to be dead.
    public void remove(String id) {
        servers.remove(id);
    }

    /// Removes and returns the servers whose last report is too old.
    public List<VoiceServer> expire(long nowNanos) {
        var dead = new ArrayList<VoiceServer>();
        servers.values().removeIf(registered -> {
            boolean expired = nowNanos - registered.reportedNanos >= liveness.toNanos();
            if (expired) {
                dead.add(registered.server);
            }
            return expired;
        });
        return dead;
    }

    /// The less loaded of two servers of the region that are drawn at random. The least loaded of all would be
    /// given every guild of a burst until its next report, by each instance; a choice of two spreads them nearly as
    /// well as knowing all loads exactly. Draining servers are not drawn, full ones only if there is no other.
    public Optional<VoiceServer> lessLoadedOfTwo(String region) {
        var open = new ArrayList<RegisteredServer>();
        var full = new ArrayList<RegisteredServer>();
        for (RegisteredServer registered : servers.values()) {
            if (!registered.draining && registered.server.region().equals(region)) {
                (expectedLoad(registered) < 1 ? open : full).add(registered);
            }
        }
        var candidates = open.isEmpty() ? full : open;
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        RegisteredServer first = candidates.remove(random.nextInt(candidates.size()));
        if (candidates.isEmpty()) {
            return Optional.of(first.server);
        }
        RegisteredServer second = candidates.get(random.nextInt(candidates.size()));
        return Optional.of((expectedLoad(first) <= expectedLoad(second) ? first : second).server);
    }

    /// A guild was assigned to the server: its expected load rises until the next report.
    public void onAssigned(String id) {
        RegisteredServer registered = servers.get(id);
        if (registered != null) {
            registered.assignedSince++;
        }
    }

    public Optional<VoiceServer> server(String id) {
        return Optional.ofNullable(servers.get(id)).map(registered -> registered.server);
    }

    public boolean isDraining(String id) {
        RegisteredServer registered = servers.get(id);
        return registered != null && registered.draining;
    }

    public Set<String> regions() {
        return servers.values().stream()
                .map(registered -> registered.server.region())
                .collect(Collectors.toSet());
    }

    /// Whether the session has a voice socket, according to the last report of the guild's server.
    public boolean hasVoiceSocket(String id, long guild, long user, String sessionId) {
        RegisteredServer registered = servers.get(id);
        return registered != null && registered.sockets.contains(new VoiceSocketKey(guild, user, sessionId));
    }

    /// Sends a command to a server; does nothing if the server does not report to this instance.
    public void sendCommand(String id, ServerOrder command) {
        RegisteredServer registered = servers.get(id);
        if (registered != null) {
            registered.commands.accept(command);
        }
    }

    public int serverCount() {
        return servers.size();
    }

    private double expectedLoad(RegisteredServer registered) {
        return registered.load + registered.assignedSince * assignmentWeight;
    }

    private static VoiceSocketKey socketKey(VoiceSessionRef ref) {
        return new VoiceSocketKey(ref.getGuildId(), ref.getUserId(), ref.getSessionId());
    }

    private static final class RegisteredServer {
        private final VoiceServer server;
        private final Consumer<ServerOrder> commands;
        private Set<VoiceSocketKey> sockets = Set.of();
        private long reportedNanos;
        private double load;
        private int assignedSince;
        private boolean draining;

        RegisteredServer(VoiceServer server, Consumer<ServerOrder> commands, long nowNanos) {
            this.server = server;
            this.commands = commands;
            this.reportedNanos = nowNanos;
        }
    }

    private record VoiceSocketKey(long guild, long user, String sessionId) {}
}
