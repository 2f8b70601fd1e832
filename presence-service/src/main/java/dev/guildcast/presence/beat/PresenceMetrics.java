package dev.guildcast.presence.beat;

import dev.guildcast.presence.announce.PresenceAnnouncer.AnnounceStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// The metrics of presence; no user, guild or session is in a tag.
final class PresenceMetrics {
    private final MeterRegistry registry;
    private final Counter beats;
    private final Counter states;
    private final Counter sessionsEnded;
    private final Counter statesRequested;
    private final Counter sessionsExpired;
    private final Counter usersRejected;
    private final Counter changesAbandoned;
    private final Counter storeCallsFailed;
    private final Map<AnnounceStatus, Counter> announcements = new EnumMap<>(AnnounceStatus.class);

    PresenceMetrics(MeterRegistry registry) {
        this.registry = registry;
        beats = registry.counter("guildcast.presence.beats");
        states = registry.counter("guildcast.presence.states");
        sessionsEnded = registry.counter("guildcast.presence.sessions.ended");
        statesRequested = registry.counter("guildcast.presence.states.requested");
        sessionsExpired = registry.counter("guildcast.presence.sessions.expired");
        usersRejected = registry.counter("guildcast.presence.users.refused");
        changesAbandoned = registry.counter("guildcast.presence.changes.abandoned");
        storeCallsFailed = registry.counter("guildcast.presence.store.refused");
        for (AnnounceStatus status : AnnounceStatus.values()) {
            announcements.put(status, registry.counter("guildcast.presence.changes", "result", status.tag()));
        }
    }

    void registerGauges(PresenceTracker tracker) {
        // Read from other threads: the values may lag behind the loop.
        Gauge.builder("guildcast.presence.users", tracker, PresenceTracker::userCount)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.presence.store.unwritten", tracker, PresenceTracker::unwrittenCount)
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.presence.changes.pending", tracker, PresenceTracker::pendingCount)
                .strongReference(true)
                .register(registry);
    }

    void batchReceived(int beatCount, int stateCount, int endedCount, int requestedCount) {
        beats.increment(beatCount);
        states.increment(stateCount);
        sessionsEnded.increment(endedCount);
        statesRequested.increment(requestedCount);
    }

    void announced(AnnounceStatus status) {
        Counter counter = announcements.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    void sessionExpired() {
        sessionsExpired.increment();
    }

    void userRejected() {
        usersRejected.increment();
    }

    void changeAbandoned() {
        changesAbandoned.increment();
    }

    void storeCallFailed() {
        storeCallsFailed.increment();
    }
}
