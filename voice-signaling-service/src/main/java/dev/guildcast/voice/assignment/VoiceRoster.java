package dev.guildcast.voice.assignment;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.StoredGuild;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// The voice states and the server of each guild: this instance's copy, synchronized with the store.
///
/// The higher revision wins: the store's if another instance wrote, memory's if the store lost its data. While the
/// store is unavailable memory alone is used.
///
/// - **Owner:** the voice loop; every result is delivered on it, and at most one call for a guild runs at a time.
/// - **Bound:** `voice.guilds-max` guilds; a guild is evicted with its last user.
public final class VoiceRoster {
    private final VoiceAssignmentStore store;
    private final Scheduler loop;
    private final int guildsMax;
    private final Map<Long, GuildEntry> guilds = new HashMap<>();

    public VoiceRoster(VoiceAssignmentStore store, Scheduler loop, int guildsMax) {
        this.store = store;
        this.loop = loop;
        this.guildsMax = guildsMax;
    }

    /// Loads the guild from the store, or restores in the store what it lost. Never fails.
    public Mono<StoredGuild> refresh(long guild) {
        return store.load(guild)
                .map(Optional::of)
                .onErrorReturn(Optional.empty())
                .publishOn(loop)
                .flatMap(stored -> {
                    GuildEntry entry = guilds.get(guild);
                    if (stored.isEmpty()
                            || (entry != null && entry.revision > stored.get().revision())) {
                        var local = snapshot(guild);
                        return stored.isEmpty() || entry == null
                                ? Mono.just(local)
                                : store.restoreGuild(guild, local)
                                        .onErrorComplete()
                                        .publishOn(loop)
                                        .thenReturn(local);
                    }
                    replaceWith(guild, stored.get());
                    return Mono.just(stored.get());
                });
    }

    /// The guild as memory holds it.
    public StoredGuild snapshot(long guild) {
        GuildEntry entry = guilds.get(guild);
        return entry == null ? StoredGuild.EMPTY : entry.toStored();
    }

    public Optional<VoiceState> state(long guild, long user) {
        GuildEntry entry = guilds.get(guild);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.states.get(user));
    }

    /// Saves a state, or removes that of a user who left. Never fails: what could not be stored now is stored by the
    /// next refresh.
    public Mono<Void> putState(VoiceState state) {
        GuildEntry entry = entry(state.guild());
        entry.revision++;
        if (state.channel() == 0) {
            entry.states.remove(state.user());
        } else {
            entry.states.put(state.user(), state);
        }
        return store.putState(state)
                .publishOn(loop)
                .doOnNext(revision -> {
                    entry.revision = Math.max(entry.revision, revision);
                    evictIfEmpty(state.guild());
                })
                .then()
                // Memory is ahead now; the next refresh updates the store.
                .onErrorComplete()
                .publishOn(loop);
    }

    /// Assigns a server if the assignment read last is still in effect.
    ///
    /// @return the assignment in effect; this one while the store is unavailable
    public Mono<Assignment> assign(long guild, String server) {
        GuildEntry entry = entry(guild);
        long expectedVersion = entry.assignment.version();
        return store.assign(guild, expectedVersion, server)
                .onErrorReturn(new Assignment(server, expectedVersion + 1))
                .publishOn(loop)
                .doOnNext(current -> {
                    if (!current.equals(entry.assignment)) {
                        entry.assignment = current;
                        entry.revision++;
                    }
                });
    }

    /// Guilds in memory that are assigned to this server and have users in voice.
    public List<Long> guildsOnServer(String server) {
        var guildIds = new ArrayList<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.assignment.server().equals(server) && !guild.states.isEmpty()) {
                guildIds.add(id);
            }
        });
        return guildIds;
    }

    /// Users in the voice of this guild, according to memory.
    public int userCount(long guild) {
        GuildEntry entry = guilds.get(guild);
        return entry == null ? 0 : entry.states.size();
    }

    /// Servers with users in voice, according to memory.
    public Set<String> serversInUse() {
        var servers = new LinkedHashSet<String>();
        guilds.values().stream()
                .filter(guild -> !guild.states.isEmpty())
                .forEach(guild -> servers.add(guild.assignment.server()));
        return servers;
    }

    /// Every guild where the user may be in voice, from memory and, if it is available, the store.
    public Mono<Set<Long>> guildsOf(long user) {
        var guildIds = new LinkedHashSet<Long>();
        guilds.forEach((id, guild) -> {
            if (guild.states.containsKey(user)) {
                guildIds.add(id);
            }
        });
        return store.guildsOf(user).onErrorReturn(List.of()).publishOn(loop).map((Collection<Long> stored) -> {
            guildIds.addAll(stored);
            return guildIds;
        });
    }

    /// Whether this guild is in memory or can be added.
    public boolean hasRoomFor(long guild) {
        return guilds.containsKey(guild) || guilds.size() < guildsMax;
    }

    public int guildCount() {
        return guilds.size();
    }

    private void replaceWith(long guild, StoredGuild stored) {
        GuildEntry entry = entry(guild);
        entry.assignment = stored.assignment();
        entry.revision = stored.revision();
        entry.states.clear();
        stored.states().forEach(state -> entry.states.put(state.user(), state));
    }

    /// Evicts a guild without users in voice; the store keeps its assignment.
    public void evictIfEmpty(long guild) {
        GuildEntry entry = guilds.get(guild);
        if (entry != null && entry.states.isEmpty()) {
            guilds.remove(guild);
        }
    }

    private GuildEntry entry(long guild) {
        return guilds.computeIfAbsent(guild, id -> new GuildEntry());
    }
}
