package dev.guildcast.gateway.link;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
    private final Counter unreachable;
    private final Counter failures;
    private final Timer reattach;
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
        unreachable = counter(
                registry,
                "unreachable",
                "Live clients asked to reconnect because the owner of their session did not answer this gateway");
        failures = counter(
                registry, "failures", "Sessions whose handling threw: a bug; their clients are closed and resume");
        reattach = Timer.builder("guildcast.gateway.link.reattach")
                .description("Time from the loss of a live session's host until it was attached again")
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8))
                .register(registry);
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

    /// Registers the gauge of the longest silence.
    ///
    /// @param silenceNanos of the owner that was heard from least recently; 0 when there is none
    void registerSilence(LongSupplier silenceNanos) {
        TimeGauge.builder("guildcast.gateway.link.silence", silenceNanos::getAsLong, TimeUnit.NANOSECONDS)
                .description("Time since anything came from the owner of session shards that is silent for longest")
                .strongReference(true)
                .register(registry);
    }

    /// @param cause `connect`: an attempt to open a stream was not answered; `silent`: nothing came on a stream;
    ///     `unanswered`: no answers to pings came; `shard`: the loop of a session shard gave none
    void deadline(String cause) {
        Counter.builder("guildcast.gateway.link.deadlines")
                .description("Streams to session hosts, and session shards on them, that were given up")
                .tag("cause", cause)
                .register(registry)
                .increment();
    }

    void unreachable() {
        unreachable.increment();
    }

    void failure() {
        failures.increment();
    }

    void reattached(long nanos) {
        reattach.record(nanos, TimeUnit.NANOSECONDS);
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
