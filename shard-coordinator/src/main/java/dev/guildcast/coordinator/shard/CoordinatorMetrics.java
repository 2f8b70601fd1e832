package dev.guildcast.coordinator.shard;

import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.shard.v1.Directive;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// What a replica counts. Safe for use from any thread.
final class CoordinatorMetrics {
    private final Timer kept;
    private final Counter nodesDead;
    private final Counter tenures;
    private final Map<Directive.Action, Counter> orders = new EnumMap<>(Directive.Action.class);

    CoordinatorMetrics(MeterRegistry registry) {
        kept = Timer.builder("guildcast.coordinator.decision.kept")
                .description("time for one decision to be kept")
                .register(registry);
        nodesDead = Counter.builder("guildcast.coordinator.nodes.dead")
                .description("leases that were over")
                .register(registry);
        tenures = Counter.builder("guildcast.coordinator.tenures")
                .description("times that this replica began to lead")
                .register(registry);
        for (var action :
                new Directive.Action[] {Directive.Action.FOLLOW, Directive.Action.CLAIM, Directive.Action.RELEASE}) {
            orders.put(
                    action,
                    Counter.builder("guildcast.coordinator.orders")
                            .description("directives given to nodes")
                            .tag("action", action.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /// What is read from the map when it is asked for.
    static void gauges(MeterRegistry registry, CoordinatorReplica replica, ShardMapPublisher publisher) {
        Gauge.builder("guildcast.coordinator.leading", replica, it -> it.isLeading() ? 1 : 0)
                .description("1 while this replica leads")
                .register(registry);
        Gauge.builder(
                        "guildcast.coordinator.revision",
                        publisher,
                        it -> it.state().revision())
                .description("of the newest map")
                .register(registry);
        Gauge.builder(
                        "guildcast.coordinator.nodes",
                        publisher,
                        it -> it.state().nodes().size())
                .description("nodes that are believed alive")
                .register(registry);
        Gauge.builder("guildcast.coordinator.watchers", publisher, ShardMapPublisher::watchers)
                .description("streams of the map")
                .register(registry);
        for (var phase : ShardPhase.values()) {
            Gauge.builder(
                            "guildcast.coordinator.shards",
                            publisher,
                            it -> it.state().shards().values().stream()
                                    .filter(shard -> shard.phase() == phase)
                                    .count())
                    .description("shards by phase")
                    .tag("phase", phase.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    void onKept(long nanos) {
        kept.record(Duration.ofNanos(nanos));
    }

    void onNodeDead() {
        nodesDead.increment();
    }

    void onTenure() {
        tenures.increment();
    }

    void onOrder(Directive.Action action) {
        var counter = orders.get(action);
        if (counter != null) {
            counter.increment();
        }
    }
}
