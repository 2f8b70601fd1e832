package dev.guildcast.voice.signaling;

import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.VoiceLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;

/// Monitors servers that report to another instance and serve guilds in this instance's memory. If one is missing in
/// the store for the liveness time, the instance that wins the compare-and-set moves its guilds.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the servers of the roster's guilds.
final class RemoteServerMonitor {
    /// Between checks; adds to the time until the loss of a server is noticed, and costs one store call a server.
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;
    private final Scheduler loop;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;
    private final VoiceServerStoreUpdater records;
    private final GuildRelocator relocator;
    private final Map<String, Long> missingSinceNanos = new HashMap<>();
    private long nextCheckNanos;

    RemoteServerMonitor(
            VoiceLoop voiceLoop,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            VoiceServerStoreUpdater records,
            GuildRelocator relocator) {
        this.nanoTime = voiceLoop.nanoTime();
        this.nextCheckNanos = nanoTime.getAsLong();
        this.loop = voiceLoop.scheduler();
        this.roster = roster;
        this.registry = registry;
        this.records = records;
        this.relocator = relocator;
    }

    /// Checks the servers when that is due; called several times a second.
    void onTick() {
        long nowNanos = nanoTime.getAsLong();
        if (nowNanos - nextCheckNanos < 0) {
            return;
        }
        nextCheckNanos = nowNanos + CHECK_INTERVAL.toNanos();
        var inUse = roster.serversInUse();
        missingSinceNanos.keySet().retainAll(inUse);
        for (String id : inUse) {
            if (registry.server(id).isPresent()) {
                missingSinceNanos.remove(id);
            } else {
                records.check(id, found -> loop.schedule(() -> onChecked(id, found)));
            }
        }
    }

    private void onChecked(String id, boolean found) {
        long nowNanos = nanoTime.getAsLong();
        if (found || registry.server(id).isPresent()) {
            missingSinceNanos.remove(id);
            return;
        }
        long missingForNanos = nowNanos - missingSinceNanos.computeIfAbsent(id, i -> nowNanos);
        if (missingForNanos >= registry.liveness().toNanos()) {
            missingSinceNanos.remove(id);
            relocator.onServerCrashed(id, "");
        }
    }
}
