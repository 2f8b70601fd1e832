package dev.guildcast.voice.allocation;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.VoiceSessionRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The voice servers that report to this instance.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#SERVERS_MAX] servers.
/// - **Promise:** a server is alive while its last report is younger than the liveness time, whether or not its stream
///   stands: a stream that comes back in time was no death.
public final class VoiceServerRegistry {
    /// Servers of one instance; further ones are refused.
    public static final int SERVERS_MAX = 10_000;

    private final Duration liveness;
    private final double assignmentWeight;
    private final Map<String, Reporting> servers = new HashMap<>();

    public VoiceServerRegistry(VoiceProperties properties) {
        this.liveness = properties.liveness();
        this.assignmentWeight = properties.assignmentWeight();
    }

    /// A server said hello; one that was there before takes its old place.
    ///
    /// @param orders how the server is told; never blocks
    /// @return false when there are too many
    public boolean onHello(VoiceServer server, Consumer<ServerOrder> orders, Instant now) {
        Reporting was = servers.get(server.id());
        if (was == null && servers.size() >= SERVERS_MAX) {
            return false;
        }
        var reporting = new Reporting(server, orders, now);
        if (was != null) {
            reporting.sockets = was.sockets;
            reporting.load = was.load;
        }
        servers.put(server.id(), reporting);
        return true;
    }

    /// @param sessions every session with a live voice socket on the server
    public void onReport(String id, double load, Collection<VoiceSessionRef> sessions, boolean draining, Instant now) {
        Reporting reporting = servers.get(id);
        if (reporting != null) {
            reporting.load = Double.isFinite(load) ? Math.clamp(load, 0, 1) : 1;
            reporting.sockets =
                    sessions.stream().map(VoiceServerRegistry::socket).collect(Collectors.toCollection(HashSet::new));
            reporting.draining = draining;
            reporting.assignedSince = 0;
            reporting.reportedAt = now;
        }
    }

    /// The servers whose last report is too old; they are forgotten.
    public List<VoiceServer> expire(Instant now) {
        var dead = new ArrayList<VoiceServer>();
        servers.values().removeIf(reporting -> {
            boolean silent = !now.isBefore(reporting.reportedAt.plus(liveness));
            if (silent) {
                dead.add(reporting.server);
            }
            return silent;
        });
        return dead;
    }

    /// The least loaded server of the region that takes guilds.
    public Optional<VoiceServer> leastLoaded(String region) {
        return servers.values().stream()
                .filter(reporting ->
                        !reporting.draining && reporting.server.region().equals(region))
                .min(Comparator.comparingDouble((Reporting reporting) -> expectedLoad(reporting))
                        .thenComparing(reporting -> reporting.server.id()))
                .map(reporting -> reporting.server);
    }

    /// A guild was given to the server.
    public void onAssigned(String id) {
        Reporting reporting = servers.get(id);
        if (reporting != null) {
            reporting.assignedSince++;
        }
    }

    public Optional<VoiceServer> server(String id) {
        return Optional.ofNullable(servers.get(id)).map(reporting -> reporting.server);
    }

    public boolean draining(String id) {
        Reporting reporting = servers.get(id);
        return reporting != null && reporting.draining;
    }

    public Set<String> regions() {
        return servers.values().stream()
                .map(reporting -> reporting.server.region())
                .collect(Collectors.toSet());
    }

    /// Whether the session has a voice socket, as the last report of the guild's server says.
    public boolean socketLives(String id, long guild, long user, String sessionId) {
        Reporting reporting = servers.get(id);
        return reporting != null && reporting.sockets.contains(new Socket(guild, user, sessionId));
    }

    /// Tells a server; silently nobody when it does not report here.
    public void order(String id, ServerOrder order) {
        Reporting reporting = servers.get(id);
        if (reporting != null) {
            reporting.orders.accept(order);
        }
    }

    public int serverCount() {
        return servers.size();
    }

    private double expectedLoad(Reporting reporting) {
        return reporting.load + reporting.assignedSince * assignmentWeight;
    }

    private static Socket socket(VoiceSessionRef ref) {
        return new Socket(ref.getGuildId(), ref.getUserId(), ref.getSessionId());
    }

    private static final class Reporting {
        private final VoiceServer server;
        private final Consumer<ServerOrder> orders;
        private Set<Socket> sockets = Set.of();
        private Instant reportedAt;
        private double load;
        private int assignedSince;
        private boolean draining;

        Reporting(VoiceServer server, Consumer<ServerOrder> orders, Instant now) {
            this.server = server;
            this.orders = orders;
            this.reportedAt = now;
        }
    }

    private record Socket(long guild, long user, String sessionId) {}
}
