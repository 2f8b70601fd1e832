package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// Injects faults into processes, nodes, gateways, streams and logs.
final class SimulatedFaults {
    /// In nanoseconds.
    private static final long MILLI = 1_000_000;

    private record ScheduledFault(long atNanos, long number, Runnable action) {}

    private final DeliverySimulation simulation;
    private final SimulatedCluster cluster;
    private final SimulatedGateways gateways;
    private final SimulationConfig config;
    private final Random random;
    private final PriorityQueue<ScheduledFault> scheduled =
            new PriorityQueue<>((one, other) -> one.atNanos != other.atNanos
                    ? Long.compare(one.atNanos, other.atNanos)
                    : Long.compare(one.number, other.number));
    private long lastNumber;
    private long nextStallNanos;

    SimulatedFaults(DeliverySimulation simulation, Random random) {
        this.simulation = simulation;
        this.cluster = simulation.cluster;
        this.gateways = simulation.gateways;
        this.config = simulation.config;
        this.random = random;
    }

    /// Injects one fault.
    void inject() {
        if (random.nextInt(3) > 0) {
            injectAny();
            return;
        }
        switch (config.faultProfile()) {
            case NONE -> injectAny();
            case FOLLOWER_TAKEOVER -> forceTakeover();
            case LINGERING_OWNERS -> makeOwnerLinger();
            case STALLED_LOGS -> stallLog();
        }
    }

    /// Runs the scheduled second steps of earlier faults.
    void runScheduled() {
        while (!scheduled.isEmpty() && scheduled.peek().atNanos <= simulation.nanoTime()) {
            scheduled.remove().action.run();
        }
    }

    private void schedule(long millis, Runnable action) {
        scheduled.add(new ScheduledFault(simulation.nanoTime() + millis * MILLI, ++lastNumber, action));
    }

    private void injectAny() {
        int roll = random.nextInt(100);
        if (roll < 18) {
            var kind = random.nextInt(3) == 0 ? ShardId.Kind.GUILD : ShardId.Kind.SESSION;
            var up = List.copyOf(cluster.nodesUp(kind));
            crashNode(up.get(random.nextInt(up.size())));
        } else if (roll < 24) {
            gateways.crash(random.nextInt(SimulatedGateways.COUNT));
        } else if (roll < 40) {
            cluster.restartNodes();
        } else if (roll < 54) {
            var shard = simulation.pick(cluster.owners.keySet());
            var old = cluster.owners.get(shard);
            if (old != null && random.nextBoolean()) {
                old.incarnation().slowUntil =
                        simulation.nanoTime() + random.nextInt(config.highChurn() ? 12_000 : 5_000) * MILLI;
            }
            if (random.nextInt(4) == 0) {
                cluster.splitBrain(shard);
            } else {
                cluster.assign(shard);
            }
            simulation.invariants.count("failovers for nothing");
        } else if (roll < 68) {
            cluster.followOrHandOver(simulation.pick(cluster.owners.keySet()));
        } else if (roll < 84) {
            var incarnation = cluster.incarnations.get(random.nextInt(cluster.incarnations.size()));
            long until = simulation.nanoTime() + (20 + random.nextInt(6_000)) * MILLI;
            switch (random.nextInt(3)) {
                case 0 -> incarnation.pausedUntil = until;
                case 1 -> incarnation.slowUntil = until;
                default -> incarnation.cutUntil = until;
            }
            simulation.invariants.count("hindered");
        } else if (roll < 90) {
            if (!gateways.streams().isEmpty()) {
                simulation.pick(gateways.streams()).cut(random.nextInt(5), false);
                simulation.invariants.count("streams cut");
            }
        } else if (roll < 94) {
            cluster.stalled.add(simulation.pick(config.topology().shards()));
        } else {
            cluster.stalled.clear();
        }
    }

    /// A node crashes, unless it is the last of its kind.
    private void crashNode(String node) {
        if (cluster.nodesUp(cluster.kindOf(node)).size() > 1) {
            gateways.onNodeCrash(node);
            cluster.crashNode(node);
        }
    }

    /// An owner cannot append its outputs, checkpoints what it can, and crashes; its follower must emit the rest.
    private void forceTakeover() {
        cluster.restartNodes();
        var shard = ShardId.guild(random.nextInt(config.topology().guildShards()));
        var target = ShardId.session(random.nextInt(config.topology().sessionShards()));
        cluster.follow(shard);
        schedule(random.nextInt(1_000), () -> {
            cluster.fullUntil.put(target, simulation.nanoTime() + (1_000 + random.nextInt(3_000)) * MILLI);
            simulation.invariants.count("stalls");
        });
        schedule(1_000 + random.nextInt(2_000), () -> {
            var owner = cluster.owners.get(shard);
            if (owner != null) {
                crashNode(owner.incarnation().node);
                cluster.detect();
            }
        });
    }

    /// An owner stops reading its log, or pauses as soon as it has claimed it, and another one replaces it.
    private void makeOwnerLinger() {
        cluster.restartNodes();
        if (random.nextInt(3) == 0) {
            var shard = simulation.pick(cluster.owners.keySet());
            cluster.assign(shard);
            var owner = cluster.owners.get(shard);
            if (owner != null) {
                owner.incarnation().pausesOnClaim = true;
                simulation.scheduler.prioritize(owner.incarnation());
            }
            return;
        }
        var client = simulation.pick(simulation.clientDriver.clients);
        var shard = config.topology().sessionShard(client.user);
        var old = cluster.owners.get(shard);
        if (old != null) {
            old.incarnation().slowUntil = simulation.nanoTime()
                    + config.shardSettings().logEndMaxAge().toNanos();
            replaceOwner(shard);
            // One of its clients continues at the new owner, and then reconnects where only the old one is known.
            schedule(300, () -> {
                gateways.updateMap(0);
                simulation.clientDriver.disconnect(client);
                simulation.clientDriver.connectIfAbsent(client, 0);
            });
            schedule(1_500 + random.nextInt(3_000), () -> {
                simulation.clientDriver.disconnect(client);
                simulation.clientDriver.connectIfAbsent(client, 1 + random.nextInt(SimulatedGateways.COUNT - 1));
            });
        }
    }

    /// A process has become live; if it is to pause then, it does, for less time than it may consider itself live.
    void onLive(ShardIncarnation incarnation) {
        if (incarnation.pausesOnClaim) {
            incarnation.pausesOnClaim = false;
            incarnation.pausedUntil = simulation.nanoTime() + (500 + random.nextInt(2_000)) * MILLI;
            incarnation.slowUntil = incarnation.pausedUntil + 2_000 * MILLI;
            simulation.invariants.count("paused at their claims");
            replaceOwner(incarnation.shard);
        }
    }

    private void replaceOwner(ShardId shard) {
        cluster.assign(shard);
        var owner = cluster.owners.get(shard);
        if (owner != null) {
            simulation.scheduler.prioritize(owner.incarnation());
            simulation.invariants.count("lingering owners");
        }
    }

    /// A log accepts nothing; meanwhile one of its clients connects, disconnects and stays away past the session
    /// timeout.
    private void stallLog() {
        if (simulation.nanoTime() < nextStallNanos) {
            return;
        }
        var client = simulation.pick(simulation.clientDriver.clients);
        var shard = config.topology().sessionShard(client.user);
        int connectMillis = 100 + random.nextInt(500);
        int disconnectMillis = connectMillis + 2_500 + random.nextInt(3_000);
        long endMillis = disconnectMillis + config.session().timeout().toMillis() + 1_500 + random.nextInt(4_000);
        cluster.fullUntil.put(shard, simulation.nanoTime() + endMillis * MILLI);
        nextStallNanos = simulation.nanoTime() + (endMillis + 5_000) * MILLI;
        simulation.clientDriver.disconnect(client);
        schedule(
                connectMillis,
                () -> simulation.clientDriver.connectIfAbsent(client, random.nextInt(SimulatedGateways.COUNT)));
        schedule(disconnectMillis, () -> simulation.clientDriver.disconnect(client));
        simulation.invariants.count("stalls");
    }
}
