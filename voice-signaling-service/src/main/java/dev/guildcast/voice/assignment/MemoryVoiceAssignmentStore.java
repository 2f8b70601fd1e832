package dev.guildcast.voice.assignment;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/// A [VoiceAssignmentStore] of one process, for a single instance without Redis.
///
/// - **Owner:** none; a lock guards each map operation.
/// - **Bound:** the servers and guilds in use.
public final class MemoryVoiceAssignmentStore implements VoiceAssignmentStore {
    private final Clock clock;
    private final Duration liveness;
    private final Map<String, LiveServer> servers = new HashMap<>();
    private final Map<Long, GuildEntry> guilds = new HashMap<>();

    /// @param clock monotonic
    public MemoryVoiceAssignmentStore(Clock clock, Duration liveness) {
        this.clock = clock;
        this.liveness = liveness;
    }

    @Override
    public Mono<Void> renewServer(VoiceServer server, double load) {
        return locked(() -> servers.put(
                        server.id(),
                        new LiveServer(server, load, clock.instant().plus(liveness))))
                .then();
    }

    @Override
    public Mono<Void> removeServer(VoiceServer server) {
        return locked(() -> Optional.ofNullable(servers.remove(server.id()))).then();
    }

    @Override
    public Mono<Optional<VoiceServer>> findServer(String id) {
        return locked(() -> Optional.ofNullable(servers.get(id))
                .filter(alive -> alive.expiresAt.isAfter(clock.instant()))
                .map(LiveServer::server));
    }

    @Override
    public Mono<List<ServerLoad>> leastLoadedServers(String region, int max) {
        return locked(() -> servers.values().stream()
                .filter(alive -> alive.expiresAt.isAfter(clock.instant()))
                .filter(alive -> alive.server.region().equals(region))
                .sorted(Comparator.comparingDouble(LiveServer::load))
                .limit(max)
                .map(alive -> new ServerLoad(alive.server, alive.load))
                .toList());
    }

    @Override
    public Mono<List<String>> regions() {
        return locked(() -> servers.values().stream()
                .map(alive -> alive.server.region())
                .distinct()
                .sorted()
                .toList());
    }

    @Override
    public Mono<StoredGuild> load(long guild) {
        return locked(() -> guilds.containsKey(guild) ? entry(guild).toStored() : StoredGuild.EMPTY);
    }

    @Override
    public Mono<Assignment> assign(long guild, long expectedVersion, String server) {
        return locked(() -> {
            GuildEntry entry = entry(guild);
            if (entry.assignment.version() == expectedVersion) {
                entry.assignment = new Assignment(server, expectedVersion + 1);
                entry.revision++;
            }
            return entry.assignment;
        });
    }

    @Override
    public Mono<Long> putState(VoiceState state) {
        return locked(() -> {
            GuildEntry entry = entry(state.guild());
            if (state.channel() == 0) {
                entry.states.remove(state.user());
            } else {
                entry.states.put(state.user(), state);
            }
            return ++entry.revision;
        });
    }

    @Override
    public Mono<Void> restoreGuild(long guild, StoredGuild known) {
        return locked(() -> {
                    GuildEntry entry = entry(guild);
                    if (entry.revision < known.revision()) {
                        entry.assignment = known.assignment();
                        entry.revision = known.revision();
                        entry.states.clear();
                        known.states().forEach(state -> entry.states.put(state.user(), state));
                    }
                    return entry;
                })
                .then();
    }

    @Override
    public Mono<Collection<Long>> guildsOf(long user) {
        return locked(() -> guilds.entrySet().stream()
                .filter(entry -> entry.getValue().states.containsKey(user))
                .map(Map.Entry::getKey)
                .toList());
    }

    private GuildEntry entry(long guild) {
        return guilds.computeIfAbsent(guild, id -> new GuildEntry());
    }

    private <T> Mono<T> locked(Supplier<? extends T> operation) {
        return Mono.fromSupplier(() -> {
            synchronized (this) {
                return operation.get();
            }
        });
    }

    private record LiveServer(VoiceServer server, double load, Instant expiresAt) {}
}
