package dev.guildcast.voice.channel;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.channel.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.channel.VoiceAssignmentStore.StoredGuild;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Who is in voice where, and on which server: this instance's copy, kept in step with the store.
///
/// Whoever has the higher revision is right: the store when another instance wrote, memory when the store was wiped. A
/// store that is away leaves memory alone to decide.
///
/// - **Owner:** the voice loop; every answer comes back on it, and at most one call for a guild runs at a time.
/// - **Bound:** `voice.guilds-max` guilds; one leaves with its last user.
public final class VoiceRoster {
    private final VoiceAssignmentStore store;
    private final Scheduler loop;
    private final int guildsMax;
    private final Map<Long, Guild> guilds = new HashMap<>();

    public VoiceRoster(VoiceAssignmentStore store, Scheduler loop, int guildsMax) {
        this.store = store;
        this.loop = loop;
        this.guildsMax = guildsMax;
    }

    /// Takes up what the store knows, or gives the store what it lost. Never fails.
    public Mono<StoredGuild> refresh(long guild) {
        return store.load(guild)
                .map(Optional::of)
                .onErrorReturn(Optional.empty())
                .publishOn(loop)
                .flatMap(stored -> {
                    Guild known = guilds.get(guild);
                    if (stored.isEmpty()
                            || (known != null && known.revision > stored.get().revision())) {
                        var mine = known(guild);
                        return stored.isEmpty() || known == null
                                ? Mono.just(mine)
                                : store.restore(guild, mine)
                                        .onErrorComplete()
                                        .publishOn(loop)
                                        .thenReturn(mine);
                    }
                    adopt(guild, stored.get());
                    return Mono.just(stored.get());
                });
    }

    /// What memory holds.
    public StoredGuild known(long guild) {
        Guild known = guilds.get(guild);
        return known == null ? StoredGuild.NOTHING : known.stored();
    }

    public Optional<VoiceState> state(long guild, long user) {
        Guild known = guilds.get(guild);
        return known == null ? Optional.empty() : Optional.ofNullable(known.states.get(user));
    }

    /// Keeps a state, or forgets a user who left. Never fails: what the store did not take, it gets with the next
    /// refresh.
    public Mono<Void> put(VoiceState state) {
        Guild known = guild(state.guild());
        known.revision++;
        if (state.channel() == 0) {
            known.states.remove(state.user());
        } else {
            known.states.put(state.user(), state);
        }
        return store.put(state)
                .publishOn(loop)
                .doOnNext(revision -> {
                    known.revision = Math.max(known.revision, revision);
                    forgetIfEmpty(state.guild());
                })
                .then()
                // Memory is ahead now; the next refresh tells the store.
                .onErrorComplete()
                .publishOn(loop);
    }

    /// Assigns a server if the assignment seen last still stands.
    ///
    /// @return what stands; memory's own word while the store is away
    public Mono<Assignment> assign(long guild, String server) {
        Guild known = guild(guild);
        long expected = known.assignment.version();
        return store.assign(guild, expected, server)
                .onErrorReturn(new Assignment(server, expected + 1))
                .publishOn(loop)
                .doOnNext(stands -> {
                    if (!stands.equals(known.assignment)) {
                        known.assignment = stands;
                        known.revision++;
                    }
                });
    }

    /// Guilds that memory has on this server.
    public List<Long> guildsOn(String server) {
        var on = new ArrayList<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.assignment.server().equals(server) && !guild.states.isEmpty()) {
                on.add(id);
            }
        });
        return on;
    }

    /// Servers that carry somebody, as memory has it.
    public Set<String> serversInUse() {
        var servers = new LinkedHashSet<String>();
        guilds.values().stream()
                .filter(guild -> !guild.states.isEmpty())
                .forEach(guild -> servers.add(guild.assignment.server()));
        return servers;
    }

    /// Every guild where the user may be in voice, from memory and, where it answers, the store.
    public Mono<Set<Long>> guildsOf(long user) {
        var mine = new LinkedHashSet<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.states.containsKey(user)) {
                mine.add(id);
            }
        });
        return store.guildsOf(user).onErrorReturn(List.of()).publishOn(loop).map((Collection<Long> stored) -> {
            mine.addAll(stored);
            return mine;
        });
    }

    /// Whether another guild may be taken in.
    public boolean hasRoomFor(long guild) {
        return guilds.containsKey(guild) || guilds.size() < guildsMax;
    }

    public int guildCount() {
        return guilds.size();
    }

    private void adopt(long guild, StoredGuild stored) {
        Guild known = guild(guild);
        known.assignment = stored.assignment();
        known.revision = stored.revision();
        known.states.clear();
        stored.states().forEach(state -> known.states.put(state.user(), state));
    }

    /// Drops a guild where nobody is in voice; the store keeps its assignment.
    public void forgetIfEmpty(long guild) {
        Guild known = guilds.get(guild);
        if (known != null && known.states.isEmpty()) {
            guilds.remove(guild);
        }
    }

    private Guild guild(long guild) {
        return guilds.computeIfAbsent(guild, id -> new Guild());
    }

    private static final class Guild {
        private final Map<Long, VoiceState> states = new TreeMap<>();
        private Assignment assignment = Assignment.NONE;
        private long revision;

        StoredGuild stored() {
            return new StoredGuild(assignment, List.copyOf(states.values()), revision);
        }
    }
}
