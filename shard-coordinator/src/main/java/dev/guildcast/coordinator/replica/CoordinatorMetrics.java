package dev.guildcast.coordinator.replica;

import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.shard.v1.Directive;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// The metrics of a replica. Safe for use from any thread.
public final class CoordinatorMetrics {
    private final Timer commitTime;
    private final Counter nodesDead;
    private final Counter leaderTerms;
    private final Map<Directive.Action, Counter> directives = new EnumMap<>(Directive.Action.class);

    public CoordinatorMetrics(MeterRegistry registry) {
        commitTime = Timer.builder("guildcast.coordinator.decision.commit")
                .description("time to commit one decision to Kafka")
                .register(registry);
        nodesDead = Counter.builder("guildcast.coordinator.nodes.dead")
                .description("nodes whose lease expired")
                .register(registry);
        leaderTerms = Counter.builder("guildcast.coordinator.terms")
                .description("times this replica became the leader")
                .register(registry);
        for (var action :
                new Directive.Action[] {Directive.Action.FOLLOW, Directive.Action.CLAIM, Directive.Action.RELEASE}) {
            directives.put(
                    action,
                    Counter.builder("guildcast.coordinator.directives")
                            .description("directives sent to nodes")
                            .tag("action", action.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /// Registers the gauges, which are read from the map when they are scraped.
    public static void registerGauges(MeterRegistry registry, CoordinatorReplica replica, ShardMapPublisher publisher) {
        Gauge.builder("guildcast.coordinator.leading", replica, source -> source.isLeading() ? 1 : 0)
                .description("1 while this replica leads")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "guildcast.coordinator.revision",
                        publisher,
                        source -> source.state().revision())
                .description("revision of the newest map")
                .strongReference(true)
                .register(registry);
        Gauge.builder(
                        "guildcast.coordinator.nodes",
                        publisher,
                        source -> source.state().nodes().size())
                .description("nodes that count as alive")
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.coordinator.watchers", publisher, ShardMapPublisher::watcherCount)
                .description("open streams of the map")
                .strongReference(true)
                .register(registry);
        for (var phase : ShardPhase.values()) {
            Gauge.builder(
                            "guildcast.coordinator.shards",
                            publisher,
                            source -> source.state().shards().values().stream()
                                    .filter(shard -> shard.phase() == phase)
                                    .count())
                    .description("shards by phase")
                    .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                    .strongReference(true)
                    .register(registry);
        }
    }

    void onCommitted(long nanos) {
        commitTime.record(Duration.ofNanos(nanos));
    }

    void onNodeDead() {
        nodesDead.increment();
    }

    void onBecameLeader() {
        leaderTerms.increment();
    }

    void onDirective(Directive.Action action) {
        var counter = directives.get(action);
        if (counter != null) {
            counter.increment();
        }
    }
}
