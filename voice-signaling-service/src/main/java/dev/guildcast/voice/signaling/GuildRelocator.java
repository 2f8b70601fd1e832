package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.GuildTaskQueues;
import dev.guildcast.voice.loop.VoiceLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Moves guilds to another voice server when theirs died or drains.
///
/// The largest guilds come first. Clients receive the next server; one without an endpoint only after a crash for which
/// there is no next one yet. A guild without an available server, or whose log cannot be appended to, is retried.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#IN_FLIGHT_MAX] guilds in flight; at most the guilds of the roster pending.
final class GuildRelocator {
    /// Guilds moved at a time; keeps the events of a large server's loss well below the publisher's bound.
    static final int IN_FLIGHT_MAX = 64;

    /// Before another attempt for a guild: a server usually registers within some seconds.
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(GuildRelocator.class);

    private final LongSupplier nanoTime;
    private final Scheduler loop;
    private final GuildTaskQueues taskQueues;
    private final VoiceRoster roster;
    private final VoiceServerAllocator allocator;
    private final VoiceUpdateSender updates;
    private final VoiceMetrics metrics;
    private final Map<Long, Relocation> relocations = new LinkedHashMap<>();
    private final Set<Long> inFlight = new HashSet<>();

    GuildRelocator(
            VoiceLoop voiceLoop,
            VoiceRoster roster,
            VoiceServerAllocator allocator,
            VoiceUpdateSender updates,
            VoiceMetrics metrics) {
        this.nanoTime = voiceLoop.nanoTime();
        this.loop = voiceLoop.scheduler();
        this.taskQueues = voiceLoop.taskQueues();
        this.roster = roster;
        this.allocator = allocator;
        this.updates = updates;
        this.metrics = metrics;
    }

    /// Moves the guilds of a server that died.
    ///
    /// @param region of the server; empty: unknown
    void onServerCrashed(String server, String region) {
        metrics.serverDied();
        addRelocations(server, region, true);
    }

    /// Moves the guilds of a server that still serves them until they have the next one.
    ///
    /// @param region of the server
    void onServerDraining(String server, String region) {
        addRelocations(server, region, false);
    }

    private void addRelocations(String server, String region, boolean announceGone) {
        for (long guild : largestFirst(roster.guildsOnServer(server))) {
            Relocation pending = relocations.get(guild);
            if (pending == null || !pending.from.equals(server)) {
                relocations.put(guild, new Relocation(guild, server, region, announceGone, nanoTime.getAsLong()));
            }
        }
        onTick();
    }

    private List<Long> largestFirst(List<Long> guilds) {
        return guilds.stream()
                .sorted(Comparator.comparingInt((Long guild) -> -roster.userCount(guild)))
                .toList();
    }

    /// Starts due moves up to the bound.
    void onTick() {
        if (inFlight.size() >= IN_FLIGHT_MAX || relocations.isEmpty()) {
            return;
        }
        long nowNanos = nanoTime.getAsLong();
        relocations.values().stream()
                .filter(relocation -> relocation.notBeforeNanos - nowNanos <= 0 && !inFlight.contains(relocation.guild))
                .limit(IN_FLIGHT_MAX - inFlight.size())
                .toList()
                .forEach(this::start);
    }

    int pendingCount() {
        return relocations.size();
    }

    private void start(Relocation relocation) {
        inFlight.add(relocation.guild);
        taskQueues
                .submit(
                        relocation.guild,
                        Mono.defer(() -> roster.refresh(relocation.guild)).then(Mono.defer(() -> relocate(relocation))))
                .onErrorResume(failure -> {
                    log.debug("moving a guild to another voice server failed, retrying: {}", failure.toString());
                    return Mono.just(Optional.of(relocation));
                })
                .subscribe(retry -> loop.schedule(() -> onEnded(relocation, retry)));
    }

    private void onEnded(Relocation relocation, Optional<Relocation> retry) {
        inFlight.remove(relocation.guild);
        // Meanwhile the guild may have lost the next server, too: then the newer move replaces this one.
        if (relocations.remove(relocation.guild, relocation)) {
            retry.ifPresent(next ->
                    relocations.put(relocation.guild, next.retryAt(nanoTime.getAsLong() + RETRY_DELAY.toNanos())));
        }
    }

    /// Moves the guild; returns the move to retry, if any.
    private Mono<Optional<Relocation>> relocate(Relocation relocation) {
        var stored = roster.snapshot(relocation.guild);
        var states = stored.states();
        if (states.isEmpty() || !stored.assignment().server().equals(relocation.from)) {
            roster.evictIfEmpty(relocation.guild);
            return Mono.just(Optional.empty());
        }
        return allocator
                .allocateReplacement(relocation.guild, relocation.region, relocation.from)
                .flatMap(server -> server.isEmpty()
                        ? announceServerGone(relocation, states).thenReturn(Optional.of(relocation.goneAnnounced()))
                        : announceNextServer(states, server.get()).thenReturn(Optional.<Relocation>empty()));
    }

    private Mono<Void> announceServerGone(Relocation relocation, List<VoiceState> states) {
        return relocation.announceGone
                ? Flux.fromIterable(states).concatMap(updates::sendServerGone).then()
                : Mono.empty();
    }

    private Mono<Void> announceNextServer(List<VoiceState> states, VoiceServer server) {
        metrics.guildMoved();
        return Flux.fromIterable(states)
                .publishOn(loop)
                .concatMap(state -> updates.sendToServer(state, server))
                .then();
    }

    /// @param announceGone whether clients must still be sent that the server is gone
    private record Relocation(long guild, String from, String region, boolean announceGone, long notBeforeNanos) {
        Relocation goneAnnounced() {
            return new Relocation(guild, from, region, false, notBeforeNanos);
        }

        Relocation retryAt(long nanos) {
            return new Relocation(guild, from, region, announceGone, nanos);
        }
    }
}
