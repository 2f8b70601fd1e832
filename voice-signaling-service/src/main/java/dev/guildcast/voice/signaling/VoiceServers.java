package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.channel.VoiceAssignmentStore;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.signaling.GuildMoves.Reason;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Voice servers come, report, drain and die.
///
/// - **Owner:** the voice loop; `offerX` come from any thread.
/// - **Bound:** the servers of the registry.
final class VoiceServers {
    private static final Duration OTHERS_EVERY = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(VoiceServers.class);

    private final Clock clock;
    private final Scheduler loop;
    private final Duration liveness;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;
    private final VoiceAssignmentStore store;
    private final GuildMoves moves;
    private final RosterRebuild rebuild;
    private final VoiceMetrics metrics;
    private final Map<String, Instant> missingSince = new HashMap<>();
    private Instant othersAt = Instant.MIN;

    VoiceServers(
            Clock clock,
            Scheduler loop,
            VoiceProperties properties,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            VoiceAssignmentStore store,
            GuildMoves moves,
            RosterRebuild rebuild,
            VoiceMetrics metrics) {
        this.clock = clock;
        this.loop = loop;
        this.liveness = properties.liveness();
        this.roster = roster;
        this.registry = registry;
        this.store = store;
        this.moves = moves;
        this.rebuild = rebuild;
        this.metrics = metrics;
    }

    /// @return false when the instance has too many servers
    Mono<Boolean> offerHello(VoiceServer server, Consumer<ServerOrder> orders) {
        return Mono.fromSupplier(() -> {
                    LOG.info("{} registered", server);
                    return registry.onHello(server, orders, clock.instant());
                })
                .subscribeOn(loop);
    }

    /// Completes when the report was taken in.
    Mono<Void> offerReport(VoiceServer server, Consumer<ServerOrder> orders, ServerReport report) {
        return Mono.<Void>fromRunnable(() -> onReport(server, orders, report)).subscribeOn(loop);
    }

    /// Does what time brings; several times a second.
    void onTick() {
        Instant now = clock.instant();
        for (VoiceServer dead : registry.expire(now)) {
            LOG.warn("{} is silent and counts as dead", dead);
            metrics.serverDied();
            store.gone(dead).subscribe(nothing -> {}, failure -> metrics.storeRefused());
            moves.onLost(roster.guildsOn(dead.id()), dead.id(), dead.region(), Reason.CRASH);
        }
        if (!now.isBefore(othersAt)) {
            othersAt = now.plus(OTHERS_EVERY);
            lookForOthers();
        }
        moves.onTick();
    }

    private void onReport(VoiceServer server, Consumer<ServerOrder> orders, ServerReport report) {
        boolean drained = registry.draining(server.id());
        if (registry.server(server.id()).isEmpty()) {
            // Given up for dead, and yet it speaks: its guilds are elsewhere, but it may have new ones.
            registry.onHello(server, orders, clock.instant());
        }
        registry.onReport(
                server.id(), report.getLoad(), report.getSessionsList(), report.getDraining(), clock.instant());
        if (!report.getDraining()) {
            store.alive(server, report.getLoad()).subscribe(nothing -> {}, failure -> metrics.storeRefused());
            rebuild.onReport(server.id(), report.getSessionsList());
        } else if (!drained) {
            LOG.info("{} drains", server);
            store.gone(server).subscribe(nothing -> {}, failure -> metrics.storeRefused());
            moves.onLost(roster.guildsOn(server.id()), server.id(), server.region(), Reason.DRAIN);
        }
    }

    /// Servers that report to another instance and carry guilds we know: when the store has not seen one for the
    /// liveness time, whoever wins the compare-and-set moves its guilds.
    private void lookForOthers() {
        var inUse = roster.serversInUse();
        missingSince.keySet().retainAll(inUse);
        for (String id : inUse) {
            if (registry.server(id).isPresent()) {
                missingSince.remove(id);
            } else {
                store.server(id)
                        .publishOn(loop)
                        .subscribe(found -> onLookedFor(id, found.isPresent()), failure -> metrics.storeRefused());
            }
        }
    }

    private void onLookedFor(String id, boolean found) {
        Instant now = clock.instant();
        if (found || registry.server(id).isPresent()) {
            missingSince.remove(id);
        } else if (!now.isBefore(missingSince.computeIfAbsent(id, i -> now).plus(liveness))) {
            missingSince.remove(id);
            metrics.serverDied();
            moves.onLost(roster.guildsOn(id), id, "", Reason.CRASH);
        }
    }
}
