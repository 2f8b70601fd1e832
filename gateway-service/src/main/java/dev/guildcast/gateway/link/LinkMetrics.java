package dev.guildcast.gateway.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// What happens between the gateway and its hosts, counted. Safe for use from any thread.
final class LinkMetrics {
    private final Counter repeats;
    private final Counter gaps;
    private final Counter retries;
    private final Counter moved;
    private final Counter broken;
    private final Counter unparked;
    private final Counter staleNegatives;
    private final Counter ownerMissing;
    private final MeterRegistry registry;

    LinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        repeats = counter(
                registry, "repeats", "Dispatches that a connection already had: normal after a change of owner");
        gaps = counter(registry, "gaps", "Dispatches ahead of their turn; the line asks again");
        retries = counter(registry, "retries", "Questions that a host could not answer yet");
        moved = counter(registry, "moved", "Lines told that their shard lives elsewhere");
        broken = counter(registry, "broken", "Lines whose stream broke");
        unparked = counter(registry, "unparked", "Lines taken up again after their client had caught up");
        staleNegatives = counter(registry, "stale.negatives", "Refusals by hosts that a line had left");
        ownerMissing = counter(registry, "owner.missing", "Clients sent elsewhere because no owner was found in time");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("guildcast.gateway.link." + name)
                .description(description)
                .register(registry);
    }

    /// Shows how many lines each session shard has.
    void lines(AtomicIntegerArray ofShard) {
        for (int i = 0; i < ofShard.length(); i++) {
            int shard = i;
            Gauge.builder("guildcast.gateway.link.lines", ofShard, lines -> lines.get(shard))
                    .description("Connections with a session, by session shard")
                    .tag("shard", Integer.toString(shard))
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

    void staleNegative() {
        staleNegatives.increment();
    }

    void ownerMissing() {
        ownerMissing.increment();
    }
}
