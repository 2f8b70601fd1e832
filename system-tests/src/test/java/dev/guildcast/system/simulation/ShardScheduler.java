package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Schedules the steps of the shard processes, and delivers what they have sent.
final class ShardScheduler {
    /// Time for a restore, a claim and a fetch.
    private static final long PRIORITIZED_NANOS = 3_000_000_000L;

    private final DeliverySimulation simulation;
    private final SimulatedCluster cluster;
    private final Random random;
    private @Nullable ShardIncarnation prioritized;
    private long prioritizedUntil;

    ShardScheduler(DeliverySimulation simulation, Random random) {
        this.simulation = simulation;
        this.cluster = simulation.cluster;
        this.random = random;
    }

    /// Gives this incarnation every other step for a while, so that it becomes live in time.
    void prioritize(ShardIncarnation incarnation) {
        prioritized = incarnation;
        prioritizedUntil = simulation.nanoTime() + PRIORITIZED_NANOS;
    }

    /// The incarnation that runs next.
    ShardIncarnation next() {
        var incarnation = prioritized;
        if (incarnation != null
                && incarnation.running()
                && simulation.nanoTime() < prioritizedUntil
                && random.nextBoolean()) {
            return incarnation;
        }
        return simulation.pick(cluster.incarnations);
    }

    /// One step of a process' loop: a random part of its pending work.
    void step(ShardIncarnation incarnation) {
        long now = simulation.nanoTime();
        if (!incarnation.isAwake(now)) {
            return;
        }
        if (incarnation.reachesLog(now)) {
            if (random.nextInt(3) > 0) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    incarnation.process().acknowledge();
                }
            }
            if (random.nextBoolean()) {
                incarnation.process().completeEndFetch();
            }
            if (random.nextBoolean()) {
                stepCheckpoint(incarnation);
            }
            if (incarnation.slowUntil <= now && !cluster.stalled.contains(incarnation.shard)) {
                for (int i = random.nextInt(5); i > 0; i--) {
                    incarnation.process().applyOne();
                }
                if (random.nextInt(3) == 0) {
                    incarnation.process().applyOneEphemeral();
                }
            }
        }
        for (int i = random.nextInt(6); i > 0 && !incarnation.inbox.isEmpty(); i--) {
            incarnation.inbox.remove().run();
        }
        if (random.nextBoolean()) {
            incarnation.process().tick();
        }
    }

    private boolean stepCheckpoint(ShardIncarnation incarnation) {
        var before = simulation.installation.checkpoint(incarnation.shard);
        boolean stepped = incarnation.process().stepCheckpoint();
        var after = simulation.installation.checkpoint(incarnation.shard);
        if (after != null && after != before) {
            cluster.verifier(incarnation.shard).verify(simulation.installation.log(incarnation.shard), after);
        }
        return stepped;
    }

    /// Runs all pending work of one process; returns whether there was any.
    ///
    /// @param onStep called for each unit of work
    boolean runUntilIdle(ShardIncarnation incarnation, Runnable onStep) {
        if (!incarnation.isAwake(simulation.nanoTime())) {
            return false;
        }
        boolean any = false;
        boolean more = true;
        while (more && incarnation.running()) {
            more = false;
            if (incarnation.reachesLog(simulation.nanoTime())) {
                more = incarnation.process().completeEndFetch();
                while (incarnation.process().applyOne()) {
                    onStep.run();
                    more = true;
                }
                while (incarnation.process().applyOneEphemeral()) {
                    onStep.run();
                    more = true;
                }
                while (incarnation.process().acknowledge()) {
                    onStep.run();
                    more = true;
                }
                while (stepCheckpoint(incarnation)) {
                    onStep.run();
                    more = true;
                }
            }
            while (!incarnation.inbox.isEmpty()) {
                incarnation.inbox.remove().run();
                onStep.run();
                more = true;
            }
            any |= more;
        }
        incarnation.process().tick();
        return any;
    }

    /// Appends some of the records in flight to their logs.
    boolean deliverSends(boolean faulty) {
        long now = simulation.nanoTime();
        var routes = new ArrayList<Map.Entry<ShardIncarnation, ShardId>>();
        for (var each : cluster.incarnations) {
            if (!each.running() || each.cutUntil <= now) {
                for (var target : new TreeSet<>(each.process().targets())) {
                    if (cluster.accepts(target)) {
                        routes.add(Map.entry(each, target));
                    }
                }
            }
        }
        if (routes.isEmpty()) {
            return false;
        }
        var route = routes.get(random.nextInt(routes.size()));
        if (faulty && simulation.config.losesSends() && random.nextInt(150) == 0) {
            simulation.invariants.count("lost sends");
            route.getKey().process().lose(route.getValue());
            return true;
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            boolean twice = random.nextInt(33) == 0;
            route.getKey().process().deliver(route.getValue(), twice ? 2 : 1);
        }
        return true;
    }
}
