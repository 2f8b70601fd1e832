package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.MediaServerListener;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.VoiceSessionRef;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Monitors voice servers: registration, reports, draining and death.
///
/// - **Owner:** the voice loop; `offerX` come from any thread.
/// - **Bound:** the servers of the registry.
final class VoiceServerMonitor implements MediaServerListener {
    private static final Logger log = LoggerFactory.getLogger(VoiceServerMonitor.class);

    private final LongSupplier nanoTime;
    private final Scheduler loop;
    private final VoiceServerRegistry registry;
    private final VoiceServerStoreUpdater records;
    private final GuildRelocator relocator;
    private final RosterRebuilder rosterRebuilder;
    private final RemoteServerMonitor remoteServers;
    private final HeldRoomReconciler heldRooms;

    VoiceServerMonitor(
            VoiceLoop voiceLoop,
            VoiceServerRegistry registry,
            VoiceServerStoreUpdater records,
            GuildRelocator relocator,
            Reconcilers reconcilers,
            RemoteServerMonitor remoteServers) {
        this.nanoTime = voiceLoop.nanoTime();
        this.loop = voiceLoop.scheduler();
        this.registry = registry;
        this.records = records;
        this.relocator = relocator;
        this.rosterRebuilder = reconcilers.rosterRebuilder;
        this.remoteServers = remoteServers;
        this.heldRooms = reconcilers.heldRooms;
    }

    /// What compares servers' reports with what should be.
    record Reconcilers(RosterRebuilder rosterRebuilder, HeldRoomReconciler heldRooms) {}

    /// @return false if the instance has too many servers
    Mono<Boolean> offerHello(VoiceServer server, Consumer<ServerOrder> commands) {
        return Mono.fromSupplier(() -> {
                    log.info("{} registered", server);
                    return registry.onHello(server, commands, nanoTime.getAsLong());
                })
                .subscribeOn(loop);
    }

    /// Completes when the report was processed.
    Mono<Void> offerReport(VoiceServer server, Consumer<ServerOrder> commands, ServerReport report) {
        return Mono.<Void>fromRunnable(() -> onReport(server, commands, report)).subscribeOn(loop);
    }

    /// Expires silent servers and starts due moves; called several times a second.
    void onTick() {
        for (VoiceServer dead : registry.expire(nanoTime.getAsLong())) {
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

    @Override
    public void onRegistered(VoiceServer server, List<HeldRoom> rooms) {
        log.info("{} registered with {} rooms", server, rooms.size());
        records.renew(server, 0);
        heldRooms.onRegistered(server.id(), rooms);
    }

    @Override
    public void onLoad(VoiceServer server, double load, boolean draining) {
        onLoad(server, load, draining, List.of());
    }

    @Override
    public void onDied(VoiceServer server, String reason) {
        log.warn("{} is dead ({}): its guilds are moved", server, reason);
        records.remove(server);
        relocator.onServerCrashed(server.id(), server.region());
    }

    private void onReport(VoiceServer server, Consumer<ServerOrder> commands, ServerReport report) {
        if (registry.server(server.id()).isEmpty()) {
            // It counted as dead but reports again: its guilds have moved, and it can be assigned new ones.
            registry.onHello(server, commands, nanoTime.getAsLong());
        }
        onLoad(server, report.getLoad(), report.getDraining(), report.getSessionsList());
        if (!report.getDraining()) {
            rosterRebuilder.onReport(server.id(), report.getSessionsList());
        }
    }

    private void onLoad(VoiceServer server, double load, boolean draining, List<VoiceSessionRef> sessions) {
        boolean wasDraining = registry.isDraining(server.id());
        registry.onReport(server.id(), load, sessions, draining, nanoTime.getAsLong());
        if (!draining) {
            records.renew(server, load);
        } else if (!wasDraining) {
            log.info("{} is draining: its guilds are moved", server);
            records.remove(server);
            relocator.onServerDraining(server.id(), server.region());
        }
    }
}
