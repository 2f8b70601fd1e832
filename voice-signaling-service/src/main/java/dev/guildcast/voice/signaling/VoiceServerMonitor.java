package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import java.time.Clock;
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
    private static final Logger log = LoggerFactory.getLogger(VoiceServerMonitor.class);

    private final Clock clock;
    private final Scheduler loop;
    private final VoiceServerRegistry registry;
    private final VoiceServerStoreUpdater records;
    private final GuildRelocator relocator;
    private final RosterRebuilder rosterRebuilder;
    private final RemoteServerMonitor remoteServers;

    VoiceServerMonitor(
            VoiceLoop voiceLoop,
            VoiceServerRegistry registry,
            VoiceServerStoreUpdater records,
            GuildRelocator relocator,
            RosterRebuilder rosterRebuilder,
            RemoteServerMonitor remoteServers) {
        this.clock = voiceLoop.clock();
        this.loop = voiceLoop.scheduler();
        this.registry = registry;
        this.records = records;
        this.relocator = relocator;
        this.rosterRebuilder = rosterRebuilder;
        this.remoteServers = remoteServers;
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
        for (VoiceServer dead : registry.expire(clock.instant())) {
            log.warn(
                    "{} has not reported for {} (voice.liveness) and counts as dead: its guilds are moved",
                    dead,
                    registry.liveness());
            records.remove(dead);
            relocator.onServerCrashed(dead.id(), dead.region());
        }
        remoteServers.onTick();
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
            records.renew(server, report.getLoad());
            rosterRebuilder.onReport(server.id(), report.getSessionsList());
        } else if (!wasDraining) {
            log.info("{} is draining: its guilds are moved", server);
            records.remove(server);
            relocator.onServerDraining(server.id(), server.region());
        }
    }
}
