package dev.guildcast.voice.channel;

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
import java.util.TreeMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/// A [VoiceAssignmentStore] of one process, for a single instance without Redis.
///
/// - **Owner:** none; its lock is held for the length of a map operation.
/// - **Bound:** the servers and guilds in use.
public final class MemoryVoiceAssignmentStore implements VoiceAssignmentStore {
    private final Clock clock;
    private final Duration liveness;
    private final Map<String, Alive> servers = new HashMap<>();
    private final Map<Long, Guild> guilds = new HashMap<>();

    public MemoryVoiceAssignmentStore(Clock clock, Duration liveness) {
        this.clock = clock;
        this.liveness = liveness;
    }

    @Override
    public Mono<Void> alive(VoiceServer server, double load) {
        return locked(() -> servers.put(
                        server.id(), new Alive(server, load, clock.instant().plus(liveness))))
                .then();
    }

    @Override
    public Mono<Void> gone(VoiceServer server) {
        return locked(() -> Optional.ofNullable(servers.remove(server.id()))).then();
    }

    @Override
    public Mono<Optional<VoiceServer>> server(String id) {
        return locked(() -> Optional.ofNullable(servers.get(id))
                .filter(alive -> alive.until.isAfter(clock.instant()))
                .map(Alive::server));
    }

    @Override
    public Mono<List<Loaded>> servers(String region, int max) {
        return locked(() -> servers.values().stream()
                .filter(alive -> alive.until.isAfter(clock.instant()))
                .filter(alive -> alive.server.region().equals(region))
                .sorted(Comparator.comparingDouble(Alive::load))
                .limit(max)
                .map(alive -> new Loaded(alive.server, alive.load))
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
        return locked(() -> guilds.containsKey(guild) ? guild(guild).stored() : StoredGuild.NOTHING);
    }

    @Override
    public Mono<Assignment> assign(long guild, long expected, String server) {
        return locked(() -> {
            Guild entry = guild(guild);
            if (entry.assignment.version() == expected) {
                entry.assignment = new Assignment(server, expected + 1);
                entry.revision++;
            }
            return entry.assignment;
        });
    }

    @Override
    public Mono<Long> put(VoiceState state) {
        return locked(() -> {
            Guild entry = guild(state.guild());
            if (state.channel() == 0) {
                entry.states.remove(state.user());
            } else {
                entry.states.put(state.user(), state);
            }
            return ++entry.revision;
        });
    }

    @Override
    public Mono<Void> restore(long guild, StoredGuild known) {
        return locked(() -> {
                    Guild entry = guild(guild);
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

    private Guild guild(long guild) {
        return guilds.computeIfAbsent(guild, id -> new Guild());
    }

    private <T> Mono<T> locked(Supplier<? extends T> operation) {
        return Mono.fromSupplier(() -> {
            synchronized (this) {
                return operation.get();
            }
        });
    }

    private static final class Guild {
        private final Map<Long, VoiceState> states = new TreeMap<>();
        private Assignment assignment = Assignment.NONE;
        private long revision;

        StoredGuild stored() {
            return new StoredGuild(assignment, List.copyOf(states.values()), revision);
        }
    }

    private record Alive(VoiceServer server, double load, Instant until) {}
}
