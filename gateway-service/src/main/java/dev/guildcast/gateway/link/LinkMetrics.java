package dev.guildcast.gateway.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Metrics of the link between the gateway and session hosts. Safe for use from any thread.
final class LinkMetrics {
    private final Counter repeats;
    private final Counter gaps;
    private final Counter retries;
    private final Counter moved;
    private final Counter broken;
    private final Counter unparked;
    private final Counter staleRejections;
    private final Counter ownerMissing;
    private final MeterRegistry registry;

    LinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        repeats = counter(registry, "repeats", "Duplicate dispatches, dropped; normal after a change of owner");
        gaps = counter(
                registry, "gaps", "Dispatches after a gap in the sequence; the session attaches again after its last");
        retries = counter(registry, "retries", "Requests that a host could not answer yet; they are sent again");
        moved = counter(registry, "moved", "Sessions whose host reported that their shard has moved");
        broken = counter(registry, "broken", "Sessions whose stream to their host broke");
        unparked = counter(registry, "unparked", "Sessions unparked after their client had caught up");
        staleRejections = counter(
                registry, "stale.negatives", "Rejections by hosts that a session is no longer attached to, ignored");
        ownerMissing = counter(
                registry, "owner.missing", "Live clients asked to reconnect because no owner was found in time");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("guildcast.gateway.link." + name)
                .description(description)
                .register(registry);
    }

    /// Registers the gauges of sessions per session shard.
    void registerSessionGauges(RemoteSessions sessions) {
        for (int i = 0; i < sessions.sessionShards(); i++) {
            int shard = i;
            Gauge.builder("guildcast.gateway.link.sessions", sessions, it -> it.countOfShard(shard))
                    .description("Connections that have or request a session, by session shard")
                    .tag("shard", Integer.toString(shard))
                    .strongReference(true)
                    .register(registry);
        }
    }

    void repeat() {
        repeats.increment();
    }

    void gap() {
        gaps.increment();
    }

    void retry() {
        retries.increment();
    }

    void moved() {
        moved.increment();
    }

    void broken() {
        broken.increment();
    }

    void unparked() {
        unparked.increment();
    }

    void staleRejection() {
        staleRejections.increment();
    }

    void ownerMissing() {
        ownerMissing.increment();
    }
}
