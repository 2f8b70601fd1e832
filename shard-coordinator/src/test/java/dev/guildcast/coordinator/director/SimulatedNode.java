package dev.guildcast.coordinator.director;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One process with its incarnations of shards.
final class SimulatedNode {
    final String id;
    private final DirectorSimulation simulation;
    private final Set<ShardId.Kind> kinds;
    private final Map<ShardId, Incarnation> shards = new TreeMap<>();
    private final boolean repeatsStopped;

    boolean leaving;
    long stuckUntil;
    private boolean dead;
    private long pausedUntil;
    private int stream = -1;

    SimulatedNode(DirectorSimulation simulation, String id, Set<ShardId.Kind> kinds) {
        this.simulation = simulation;
        this.id = id;
        this.kinds = kinds;
        this.repeatsStopped = simulation.random.nextBoolean();
    }

    void start() {
        simulation.after(simulation.random.nextInt(500), this::beat);
    }

    Node asNode() {
        return new Node(id, id + ":1", kinds, Map.of(), false);
    }

    boolean usable(ShardId.Kind kind) {
        return kinds.contains(kind) && !leaving;
    }

    void kill() {
        dead = true;
        simulation.nodes.remove(id);
        int last = stream;
        simulation.after(simulation.random.nextInt(50), () -> simulation.onStreamBroken(id, last));
    }

    void pause(long millis) {
        pausedUntil = simulation.now + millis;
    }

    void breakStream() {
        int last = stream;
        stream = -1;
        simulation.after(simulation.random.nextInt(50), () -> simulation.onStreamBroken(id, last));
        simulation.after(simulation.random.nextInt(900), this::beatOnce);
    }

    void failOne() {
        var live = shards.values().stream()
                .filter(shard -> shard.role != Role.STOPPED)
                .toList();
        if (!live.isEmpty()) {
            live.get(simulation.random.nextInt(live.size())).stop();
            reportSoon();
        }
    }

    Role roleOf(ShardId shard) {
        var incarnation = shards.get(shard);
        return incarnation == null ? Role.STOPPED : incarnation.role;
    }

    List<ShardReport> held() {
        var held = new ArrayList<ShardReport>();
        shards.values().forEach(shard -> held.add(shard.report()));
        return held;
    }

    private List<ShardReport> report() {
        var held = held();
        if (!repeatsStopped) {
            shards.values().removeIf(shard -> shard.role == Role.STOPPED);
        }
        return held;
    }

    private void reportSoon() {
        simulation.after(5, this::beatOnce);
    }

    private void beat() {
        if (dead) {
            return;
        }
        beatOnce();
        simulation.after(1_000, this::beat);
    }

    private void beatOnce() {
        if (dead || simulation.now < pausedUntil) {
            return;
        }
        var held = report();
        if (stream >= 0) {
            int last = stream;
            simulation.after(delay(), () -> {
                if (!simulation.report(id, last, held) && stream == last) {
                    stream = -1;
                    retrySoon();
                }
            });
        } else {
            stream = simulation.connect(this, held);
            if (stream < 0) {
                retrySoon();
            }
        }
    }

    private void retrySoon() {
        simulation.after(50 + simulation.random.nextInt(400), this::beatOnce);
    }

    /// In order, as a stream delivers.
    private long delay() {
        return 3;
    }

    void deliver(int on, PendingDirective directive) {
        simulation.after(delay(), () -> {
            if (!dead && on == stream) {
                execute(directive);
            }
        });
    }

    private void execute(PendingDirective directive) {
        if (simulation.now < pausedUntil) {
            simulation.after(pausedUntil - simulation.now, () -> execute(directive));
            return;
        }
        var shard = directive.shard();
        var held = shards.get(shard);
        switch (directive.action()) {
            case FOLLOW -> {
                if (held == null || held.role == Role.STOPPED) {
                    shards.put(shard, new Incarnation(shard));
                }
            }
            case CLAIM -> {
                if (held == null || held.role == Role.STOPPED) {
                    held = new Incarnation(shard);
                    shards.put(shard, held);
                }
                held.claim(directive.epoch());
            }
            case RELEASE -> {
                if (held != null) {
                    held.stop();
                }
            }
            case ACTION_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalStateException();
        }
        reportSoon();
    }

    private final class Incarnation {
        private final ShardId shard;
        final long number = simulation.nextIncarnation();
        Role role = Role.RESTORING;
        private long claimed;
        private long wanted;

        Incarnation(ShardId shard) {
            this.shard = shard;
            simulation.after(200 + simulation.random.nextInt(2_500), this::restored);
        }

        void stop() {
            role = Role.STOPPED;
        }

        void claim(long epoch) {
            if (epoch > wanted) {
                wanted = epoch;
                if (role != Role.RESTORING) {
                    append();
                }
            }
        }

        private boolean paused(Runnable again) {
            if (dead || role == Role.STOPPED) {
                return true;
            }
            long until = Math.max(pausedUntil, stuckUntil);
            if (simulation.now < until) {
                simulation.after(until - simulation.now, again);
                return true;
            }
            return false;
        }

        private void restored() {
            if (paused(this::restored)) {
                return;
            }
            role = Role.FOLLOWING;
            if (wanted > 0) {
                append();
            }
            reportSoon();
        }

        private void append() {
            if (paused(this::append)) {
                return;
            }
            role = Role.CLAIMING;
            claimed = wanted;
            var log = simulation.log(shard);
            if (claimed > log.epoch) {
                log.epoch = claimed;
                var before = log.owner == null ? null : simulation.nodes.get(log.owner);
                long former = log.incarnation;
                log.owner = id;
                log.incarnation = number;
                if (before != null && before != SimulatedNode.this) {
                    simulation.after(simulation.random.nextInt(50), () -> before.readOthersClaim(shard, former));
                }
            }
            simulation.after(simulation.random.nextInt(100), this::readOwnClaim);
            reportSoon();
        }

        private void readOwnClaim() {
            if (paused(this::readOwnClaim)) {
                return;
            }
            var log = simulation.log(shard);
            if (log.incarnation == number && log.epoch == claimed) {
                role = Role.LIVE;
            } else if (claimed <= log.epoch) {
                stop();
            }
            reportSoon();
        }

        ShardReport report() {
            long seen = claimed > 0 ? claimed : simulation.log(shard).epoch;
            return ShardReport.newBuilder()
                    .setShard(shard.toRef())
                    .setRole(role)
                    .setEpoch(role == Role.RESTORING ? 0 : seen)
                    .setLagMillis(role == Role.FOLLOWING ? simulation.random.nextInt(1_500) : 0)
                    .setCpuMicros(simulation.chaos ? simulation.random.nextInt(20_000) : 0)
                    .build();
        }
    }

    private void readOthersClaim(ShardId shard, long incarnation) {
        var held = shards.get(shard);
        if (dead || held == null || held.number != incarnation) {
            return;
        }
        if (simulation.now < pausedUntil) {
            simulation.after(pausedUntil - simulation.now, () -> readOthersClaim(shard, incarnation));
            return;
        }
        held.stop();
        reportSoon();
    }
}
