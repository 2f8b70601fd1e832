package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceProperties;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.channel.VoiceAssignmentStore;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.signaling.GuildRelocator.RelocationReason;
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

/// Monitors voice servers: registration, reports, draining and death.
///
/// - **Owner:** the voice loop; `offerX` come from any thread.
/// - **Bound:** the servers of the registry.
final class VoiceServerMonitor {
    /// Between checks of servers that report to another instance; adds to the time until their loss is noticed.
    private static final Duration REMOTE_CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(VoiceServerMonitor.class);

    private final Clock clock;
    private final Scheduler loop;
    private final Duration liveness;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;
    private final VoiceAssignmentStore store;
    private final GuildRelocator relocator;
    private final RosterRebuilder rosterRebuilder;
    private final VoiceMetrics metrics;
    private final Map<String, Instant> missingSince = new HashMap<>();
    private Instant nextRemoteCheckAt = Instant.MIN;

    VoiceServerMonitor(
            Clock clock,
            Scheduler loop,
            VoiceProperties properties,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            VoiceAssignmentStore store,
            GuildRelocator relocator,
            RosterRebuilder rosterRebuilder,
            VoiceMetrics metrics) {
        this.clock = clock;
        this.loop = loop;
        this.liveness = properties.liveness();
        this.roster = roster;
        this.registry = registry;
        this.store = store;
        this.relocator = relocator;
        this.rosterRebuilder = rosterRebuilder;
        this.metrics = metrics;
    }

    /// @return false if the instance has too many servers
    Mono<Boolean> offerHello(VoiceServer server, Consumer<ServerOrder> commands) {
        return Mono.fromSupplier(() -> {
                    log.info("{} registered", server);
                    return registry.onHello(server, commands, clock.instant());
                })
                .subscribeOn(loop);
    }

    /// Completes when the report was processed.
    Mono<Void> offerReport(VoiceServer server, Consumer<ServerOrder> commands, ServerReport report) {
        return Mono.<Void>fromRunnable(() -> onReport(server, commands, report)).subscribeOn(loop);
    }

    /// Expires silent servers and starts due moves; called several times a second.
    void onTick() {
        Instant now = clock.instant();
        for (VoiceServer dead : registry.expire(now)) {
            log.warn("{} has not reported within voice.liveness and counts as dead: its guilds are moved", dead);
            metrics.serverDied();
            store.removeServer(dead).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
            relocator.onServerLost(roster.guildsOnServer(dead.id()), dead.id(), dead.region(), RelocationReason.CRASH);
        }
        if (!now.isBefore(nextRemoteCheckAt)) {
            nextRemoteCheckAt = now.plus(REMOTE_CHECK_INTERVAL);
            checkRemoteServers();
        }
        relocator.onTick();
    }

    private void onReport(VoiceServer server, Consumer<ServerOrder> commands, ServerReport report) {
        boolean wasDraining = registry.isDraining(server.id());
        if (registry.server(server.id()).isEmpty()) {
            // It counted as dead but reports again: its guilds have moved, and it can be assigned new ones.
            registry.onHello(server, commands, clock.instant());
        }
        registry.onReport(
                server.id(), report.getLoad(), report.getSessionsList(), report.getDraining(), clock.instant());
        if (!report.getDraining()) {
            store.renewServer(server, report.getLoad()).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
            rosterRebuilder.onReport(server.id(), report.getSessionsList());
        } else if (!wasDraining) {
            log.info("{} is draining: its guilds are moved", server);
            store.removeServer(server).subscribe(ignored -> {}, failure -> metrics.storeCallFailed());
            relocator.onServerLost(
                    roster.guildsOnServer(server.id()), server.id(), server.region(), RelocationReason.DRAIN);
        }
    }

    /// Checks servers that report to another instance and serve guilds in this instance's memory. If one is missing in
    /// the store for the liveness time, the instance that wins the compare-and-set moves its guilds.
    private void checkRemoteServers() {
        var inUse = roster.serversInUse();
        missingSince.keySet().retainAll(inUse);
        for (String id : inUse) {
            if (registry.server(id).isPresent()) {
                missingSince.remove(id);
            } else {
                store.findServer(id)
                        .publishOn(loop)
                        .subscribe(
                                found -> onRemoteServerChecked(id, found.isPresent()),
                                failure -> metrics.storeCallFailed());
            }
        }
    }

    private void onRemoteServerChecked(String id, boolean found) {
        Instant now = clock.instant();
        if (found || registry.server(id).isPresent()) {
            missingSince.remove(id);
        } else if (!now.isBefore(missingSince.computeIfAbsent(id, i -> now).plus(liveness))) {
            missingSince.remove(id);
            metrics.serverDied();
            relocator.onServerLost(roster.guildsOnServer(id), id, "", RelocationReason.CRASH);
        }
    }
}
