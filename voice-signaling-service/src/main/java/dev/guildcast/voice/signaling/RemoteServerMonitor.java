package dev.guildcast.voice.signaling;

import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.channel.VoiceRoster;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import reactor.core.scheduler.Scheduler;

/// Monitors servers that report to another instance and serve guilds in this instance's memory. If one is missing in
/// the store for the liveness time, the instance that wins the compare-and-set moves its guilds.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the servers of the roster's guilds.
final class RemoteServerMonitor {
    /// Between checks; adds to the time until the loss of a server is noticed, and costs one store call a server.
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final Clock clock;
    private final Scheduler loop;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;
    private final VoiceServerStoreUpdater records;
    private final GuildRelocator relocator;
    private final Map<String, Instant> missingSince = new HashMap<>();
    private Instant nextCheckAt = Instant.MIN;

    RemoteServerMonitor(
            VoiceLoop voiceLoop,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            VoiceServerStoreUpdater records,
            GuildRelocator relocator) {
        this.clock = voiceLoop.clock();
        this.loop = voiceLoop.scheduler();
        this.roster = roster;
        this.registry = registry;
        this.records = records;
        this.relocator = relocator;
    }

    /// Checks the servers when that is due; called several times a second.
    void onTick() {
        Instant now = clock.instant();
        if (now.isBefore(nextCheckAt)) {
            return;
        }
        nextCheckAt = now.plus(CHECK_INTERVAL);
        var inUse = roster.serversInUse();
        missingSince.keySet().retainAll(inUse);
        for (String id : inUse) {
            if (registry.server(id).isPresent()) {
                missingSince.remove(id);
            } else {
                records.check(id, found -> loop.schedule(() -> onChecked(id, found)));
            }
        }
    }

    private void onChecked(String id, boolean found) {
        Instant now = clock.instant();
        if (found || registry.server(id).isPresent()) {
            missingSince.remove(id);
            return;
        }
        Duration missingFor = Duration.between(missingSince.computeIfAbsent(id, i -> now), now);
        if (missingFor.compareTo(registry.liveness()) >= 0) {
            missingSince.remove(id);
            relocator.onServerCrashed(id, "");
        }
    }
}
