package dev.guildcast.presence.beat;

import dev.guildcast.presence.event.PresenceAnnouncer.Result;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// The figures of presence; no user, guild or session stands in a tag.
final class PresenceMetrics {
    private final MeterRegistry registry;
    private final Counter beats;
    private final Counter states;
    private final Counter gone;
    private final Counter asked;
    private final Counter expired;
    private final Counter usersRefused;
    private final Counter changesGivenUp;
    private final Counter storeRefused;
    private final Map<Result, Counter> told = new EnumMap<>(Result.class);

    PresenceMetrics(MeterRegistry registry) {
        this.registry = registry;
        beats = registry.counter("guildcast.presence.beats");
        states = registry.counter("guildcast.presence.states");
        gone = registry.counter("guildcast.presence.sessions.ended");
        asked = registry.counter("guildcast.presence.states.asked");
        expired = registry.counter("guildcast.presence.sessions.expired");
        usersRefused = registry.counter("guildcast.presence.users.refused");
        changesGivenUp = registry.counter("guildcast.presence.changes.given.up");
        storeRefused = registry.counter("guildcast.presence.store.refused");
        for (Result result : Result.values()) {
            told.put(
                    result,
                    registry.counter(
                            "guildcast.presence.changes",
                            "result",
                            result.name().toLowerCase(Locale.ROOT)));
        }
    }

    void watch(Presences presences) {
        // Read from other threads: sizes may be a moment old.
        Gauge.builder("guildcast.presence.users", presences, Presences::userCount)
                .register(registry);
        Gauge.builder("guildcast.presence.store.unwritten", presences, Presences::unwrittenCount)
                .register(registry);
        Gauge.builder("guildcast.presence.changes.pending", presences, Presences::pendingCount)
                .register(registry);
    }

    void heard(int beatCount, int stateCount, int goneCount, int askedCount) {
        beats.increment(beatCount);
        states.increment(stateCount);
        gone.increment(goneCount);
        asked.increment(askedCount);
    }

    void told(Result result) {
        Counter counter = told.get(result);
        if (counter != null) {
            counter.increment();
        }
    }

    void expired() {
        expired.increment();
    }

    void userRefused() {
        usersRefused.increment();
    }

    void changeGivenUp() {
        changesGivenUp.increment();
    }

    void storeRefused() {
        storeRefused.increment();
    }
}
