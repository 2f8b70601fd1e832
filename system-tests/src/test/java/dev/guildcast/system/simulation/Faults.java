package dev.guildcast.system.simulation;

import dev.guildcast.contract.ShardId;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/// What goes wrong: processes, nodes, gateways, streams and logs.
final class Faults {
    private static final long MILLI = 1_000_000;

    private record Due(long atNanos, long number, Runnable what) {}

    private final WholePath path;
    private final Shards shards;
    private final Gateways gateways;
    private final Limits limits;
    private final Random random;
    private final PriorityQueue<Due> due = new PriorityQueue<>((one, other) -> one.atNanos != other.atNanos
            ? Long.compare(one.atNanos, other.atNanos)
            : Long.compare(one.number, other.number));
    private long planned;
    private long stallsAgainAt;

    Faults(WholePath path, Random random) {
        this.path = path;
        this.shards = path.shards;
        this.gateways = path.gateways;
        this.limits = path.limits;
        this.random = random;
    }

    /// Something goes wrong.
    void strike() {
        if (random.nextInt(3) > 0) {
            anything();
            return;
        }
        switch (limits.bias()) {
            case NONE -> anything();
            case FOLLOWERS_TAKE_OVER -> takeOver();
            case OWNERS_LINGER -> linger();
            case LOGS_STALL -> stall();
        }
    }

    /// Second halves of what has begun to go wrong.
    void tick() {
        while (!due.isEmpty() && due.peek().atNanos <= path.nanos()) {
            due.remove().what.run();
        }
    }

    private void after(long millis, Runnable what) {
        due.add(new Due(path.nanos() + millis * MILLI, ++planned, what));
    }

    private void anything() {
        int x = random.nextInt(100);
        if (x < 18) {
            var kind = random.nextInt(3) == 0 ? ShardId.Kind.GUILD : ShardId.Kind.SESSION;
            var up = List.copyOf(shards.nodesUp(kind));
            crash(up.get(random.nextInt(up.size())));
        } else if (x < 24) {
            gateways.crash(random.nextInt(Gateways.COUNT));
        } else if (x < 40) {
            shards.heal();
        } else if (x < 54) {
            var shard = path.any(shards.owners.keySet());
            var old = shards.owners.get(shard);
            if (old != null && random.nextBoolean()) {
                old.incarnation().slowUntil = path.nanos() + random.nextInt(limits.hot() ? 12_000 : 5_000) * MILLI;
            }
            if (random.nextInt(4) == 0) {
                shards.splitBrain(shard);
            } else {
                shards.assign(shard);
            }
            path.ledger.count("failovers for nothing");
        } else if (x < 68) {
            shards.followOrHandOver(path.any(shards.owners.keySet()));
        } else if (x < 84) {
            var one = shards.all.get(random.nextInt(shards.all.size()));
            long until = path.nanos() + (20 + random.nextInt(6_000)) * MILLI;
            switch (random.nextInt(3)) {
                case 0 -> one.pausedUntil = until;
                case 1 -> one.slowUntil = until;
                default -> one.cutUntil = until;
            }
            path.ledger.count("hindered");
        } else if (x < 90) {
            if (!gateways.wires().isEmpty()) {
                path.any(gateways.wires()).cut(random.nextInt(5), false);
                path.ledger.count("streams cut");
            }
        } else if (x < 94) {
            shards.stalled.add(path.any(limits.topology().shards()));
        } else {
            shards.stalled.clear();
        }
    }

    /// A node dies, unless it is the last of its kind.
    private void crash(String node) {
        if (shards.nodesUp(shards.kindOf(node)).size() > 1) {
            gateways.nodeDies(node);
            shards.crashNode(node);
        }
    }

    /// An owner cannot get rid of its outputs, checkpoints what it can, and dies; its follower owes the rest.
    private void takeOver() {
        shards.heal();
        var shard = ShardId.guild(random.nextInt(limits.topology().guildShards()));
        var target = ShardId.session(random.nextInt(limits.topology().sessionShards()));
        shards.follow(shard);
        after(random.nextInt(1_000), () -> {
            shards.fullUntil.put(target, path.nanos() + (1_000 + random.nextInt(3_000)) * MILLI);
            path.ledger.count("stalls");
        });
        after(1_000 + random.nextInt(2_000), () -> {
            var owner = shards.owners.get(shard);
            if (owner != null) {
                crash(owner.incarnation().node);
                shards.detect();
            }
        });
    }

    /// An owner stops reading its log, or stops altogether as soon as it has claimed it, and another one comes.
    private void linger() {
        shards.heal();
        if (random.nextInt(3) == 0) {
            var shard = path.any(shards.owners.keySet());
            shards.assign(shard);
            var owner = shards.owners.get(shard);
            if (owner != null) {
                owner.incarnation().pausesWhenItClaims = true;
                path.turns.favour(owner.incarnation());
            }
            return;
        }
        var client = path.any(path.connections.clients);
        var shard = limits.topology().sessionShard(client.user);
        var old = shards.owners.get(shard);
        if (old != null) {
            old.incarnation().slowUntil =
                    path.nanos() + limits.settings().proofWithin().toNanos();
            replace(shard);
            // One of its clients goes on with the new owner, and comes again where only the old one is known.
            after(300, () -> {
                gateways.hearMap(0);
                path.connections.vanish(client);
                path.connections.appear(client, 0);
            });
            after(1_500 + random.nextInt(3_000), () -> {
                path.connections.vanish(client);
                path.connections.appear(client, 1 + random.nextInt(Gateways.COUNT - 1));
            });
        }
    }

    /// A process has become live; if it is to pause then, it does, for less time than it may believe itself live.
    void onLive(Incarnation one) {
        if (one.pausesWhenItClaims) {
            one.pausesWhenItClaims = false;
            one.pausedUntil = path.nanos() + (500 + random.nextInt(2_000)) * MILLI;
            one.slowUntil = one.pausedUntil + 2_000 * MILLI;
            path.ledger.count("paused at their claims");
            replace(one.shard);
        }
    }

    private void replace(ShardId shard) {
        shards.assign(shard);
        var owner = shards.owners.get(shard);
        if (owner != null) {
            path.turns.favour(owner.incarnation());
            path.ledger.count("lingering owners");
        }
    }

    /// A log takes nothing; meanwhile one of its clients comes, goes and stays away until its session's time is over.
    private void stall() {
        if (path.nanos() < stallsAgainAt) {
            return;
        }
        var client = path.any(path.connections.clients);
        var shard = limits.topology().sessionShard(client.user);
        int comes = 100 + random.nextInt(500);
        int goes = comes + 2_500 + random.nextInt(3_000);
        long over = goes + limits.session().timeout().toMillis() + 1_500 + random.nextInt(4_000);
        shards.fullUntil.put(shard, path.nanos() + over * MILLI);
        stallsAgainAt = path.nanos() + (over + 5_000) * MILLI;
        path.connections.vanish(client);
        after(comes, () -> path.connections.appear(client, random.nextInt(Gateways.COUNT)));
        after(goes, () -> path.connections.vanish(client));
        path.ledger.count("stalls");
    }
}
