package dev.guildcast.coordinator.director;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.lease.LeaseTable;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.shard.v1.Role;
import dev.guildcast.shard.v1.ShardReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A simulation of nodes, their logs, a network with delays and changing leaders, on one thread and a simulated clock.
///
/// A node behaves as the shard runtime does: it restores, follows, claims, is live when it has read its own claim, and
/// stops when it reads another's. Everything is random by the seed.
public final class DirectorSimulation {
    private static final long CHAOS_MILLIS = 60_000;
    private static final long CALM_MILLIS = 400_000;
    private static final long QUIET_MILLIS = 20_000;
    private static final Topology TOPOLOGY = new Topology(5, 1, 1, 6);

    final Random random;
    public final List<String> history = new ArrayList<>();
    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Map<ShardId, SimulatedLog> logs = new HashMap<>();
    final TreeMap<String, SimulatedNode> nodes = new TreeMap<>();
    private final Map<String, String> claimants = new HashMap<>();
    private final LeaseProperties leaseProperties = LeaseProperties.DEFAULT;

    long now;
    boolean chaos = true;
    private long order;
    private ClusterState stored = ClusterState.EMPTY;
    private @Nullable ShardDirector director;
    private LeaseTable leases = new LeaseTable(leaseProperties);
    private final Map<String, Integer> streams = new HashMap<>();
    private int streamCount;
    private int leaderCount;
    private int nodeCount;
    private long incarnationCount = 1;

    public DirectorSimulation(long seed) {
        random = new Random(seed);
        TOPOLOGY.shards().forEach(id -> logs.put(id, new SimulatedLog()));
    }

    public void run() {
        startLeader();
        for (int i = 0; i < 3; i++) {
            addNode(ShardId.Kind.GUILD);
            addNode(ShardId.Kind.SESSION);
        }
        after(10, this::tick);
        after(1_000, this::disturb);
        runUntil(CHAOS_MILLIS);
        chaos = false;
        if (nodes.values().stream().noneMatch(node -> node.usable(ShardId.Kind.GUILD))) {
            addNode(ShardId.Kind.GUILD);
        }
        if (nodes.values().stream().noneMatch(node -> node.usable(ShardId.Kind.SESSION))) {
            addNode(ShardId.Kind.SESSION);
        }
        if (director == null) {
            startLeader();
        }
        runUntil(CHAOS_MILLIS + CALM_MILLIS);
        int before = history.size();
        runUntil(CHAOS_MILLIS + CALM_MILLIS + QUIET_MILLIS);
        assertThat(history.subList(before, history.size()))
                .as("decisions without a cause")
                .isEmpty();
        checkAllServed();
    }

    SimulatedLog log(ShardId shard) {
        return Objects.requireNonNull(logs.get(shard));
    }

    long nextIncarnation() {
        return incarnationCount++;
    }

    private void runUntil(long end) {
        while (!queue.isEmpty() && queue.peek().at <= end) {
            var event = queue.remove();
            now = event.at;
            event.action.run();
        }
        now = end;
    }

    void after(long millis, Runnable action) {
        queue.add(new Event(now + millis, order++, action));
    }

    private void tick() {
        var leader = director;
        if (leader != null) {
            for (var dead : leases.expire(now)) {
                streams.remove(dead);
                commit(leader.onNodeDead(dead, now));
            }
            if (director == leader) {
                commit(leader.onTick(now));
            }
        }
        after(leaseProperties.checkEvery().toMillis(), this::tick);
    }

    private void disturb() {
        if (!chaos) {
            return;
        }
        after(200 + random.nextInt(3_000), this::disturb);
        var any = nodes.isEmpty() ? null : List.copyOf(nodes.values()).get(random.nextInt(nodes.size()));
        switch (random.nextInt(10)) {
            case 0, 1 -> addNode(random.nextBoolean() ? ShardId.Kind.GUILD : ShardId.Kind.SESSION);
            case 2 -> {
                if (any != null) {
                    any.kill();
                }
            }
            case 3 -> {
                if (any != null) {
                    any.pause(random.nextInt(8_000));
                }
            }
            case 4 -> {
                if (any != null) {
                    any.breakStream();
                }
            }
            case 5 -> {
                if (any != null) {
                    any.failOne();
                }
            }
            case 6 -> {
                if (director != null) {
                    director = null;
                    after(random.nextInt(8_000), this::startLeader);
                }
            }
            case 7 -> {
                if (any != null
                        && director != null
                        && director.drain(any.id) instanceof OperationResult.Accepted accepted) {
                    any.leaving = true;
                    commit(accepted.output());
                }
            }
            case 8 -> {
                if (any != null && director != null) {
                    var shards = TOPOLOGY.shards();
                    var shard = shards.get(random.nextInt(shards.size()));
                    if (director.move(shard, any.id, now) instanceof OperationResult.Accepted accepted) {
                        commit(accepted.output());
                    }
                }
            }
            case 9 -> {
                if (any != null) {
                    any.stuckUntil = now + random.nextInt(40_000);
                }
            }
            default -> throw new IllegalStateException();
        }
    }

    private void addNode(ShardId.Kind kind) {
        var id = "n" + nodeCount++;
        var kinds = kind == ShardId.Kind.SESSION ? Set.of(kind) : Set.of(ShardId.Kind.GUILD, ShardId.Kind.USER);
        var node = new SimulatedNode(this, id, kinds);
        nodes.put(id, node);
        node.start();
    }

    private void startLeader() {
        if (director != null) {
            return;
        }
        var leader = new Leader("r" + leaderCount++, "h:1");
        var next = new ShardDirector(
                stored,
                leader,
                TOPOLOGY,
                PlacementProperties.DEFAULT,
                leaseProperties.duration().toMillis(),
                now);
        director = next;
        leases = new LeaseTable(leaseProperties);
        streams.clear();
        stored.nodes().keySet().forEach(node -> leases.renew(node, now));
        commit(next.recordLeader(true));
    }

    /// Some outputs are lost with their leader: then they must have no effect.
    private void commit(DirectorOutput output) {
        var decision = output.decision();
        if (decision != null && chaos && random.nextInt(200) == 0) {
            director = null;
            after(random.nextInt(5_000), this::startLeader);
            return;
        }
        if (decision != null) {
            var next = stored.with(decision);
            assertThat(decision.revision()).isEqualTo(stored.revision() + 1);
            decision.shards().forEach(shard -> check(stored.shard(shard.id()), shard, next));
            stored = next;
            history.add(now + " " + decision);
            if (Boolean.getBoolean("simulation.trace")) {
                decision.shards().forEach(shard -> System.out.println(now + " " + shard));
            }
        }
        for (var directive : output.directives()) {
            if (Boolean.getBoolean("simulation.trace")) {
                System.out.println(now + " " + directive);
            }
            checkDirective(directive);
            var stream = streams.get(directive.node());
            var node = nodes.get(directive.node());
            if (stream != null && node != null) {
                node.deliver(stream, directive);
            }
        }
    }

    private static void check(Shard before, Shard after, ClusterState state) {
        assertThat(after.ownerEpoch()).as("owner's epoch of %s", after).isGreaterThanOrEqualTo(before.ownerEpoch());
        assertThat(after.epochMax()).as("highest epoch of %s", after).isGreaterThanOrEqualTo(before.epochMax());
        assertThat(after.orderedEpoch()).isGreaterThanOrEqualTo(before.orderedEpoch());
        if (after.next() != null) {
            assertThat(state.nodes()).as("target of %s", after).containsKey(after.next());
        }
        if (after.owner() != null) {
            assertThat(state.nodes()).as("owner of %s", after).containsKey(after.owner());
        }
        if (before.phase() != ShardPhase.TRANSFERRING && after.phase() == ShardPhase.TRANSFERRING) {
            assertThat(after.orderedEpoch()).isGreaterThan(before.epochMax());
        }
    }

    private void checkDirective(PendingDirective directive) {
        if (directive.action() == dev.guildcast.shard.v1.Directive.Action.CLAIM) {
            var first = claimants.putIfAbsent(directive.shard() + "@" + directive.epoch(), directive.node());
            assertThat(first == null || first.equals(directive.node()))
                    .as("%s was sent to %s before", directive, first)
                    .isTrue();
        }
    }

    // The messages of a node's stream. They return -1 or false if there is no leader to receive them.

    int connect(SimulatedNode node, List<ShardReport> held) {
        var leader = director;
        if (leader == null) {
            return -1;
        }
        int stream = streamCount++;
        streams.put(node.id, stream);
        leases.renew(node.id, now);
        commit(leader.onJoin(node.asNode(), held, now));
        if (node.leaving && director == leader && leader.drain(node.id) instanceof OperationResult.Accepted accepted) {
            commit(accepted.output());
        }
        return director == leader ? stream : -1;
    }

    boolean report(String node, int stream, List<ShardReport> held) {
        var leader = director;
        if (leader == null || !Integer.valueOf(stream).equals(streams.get(node))) {
            return false;
        }
        leases.renew(node, now);
        commit(leader.onReport(node, held, now));
        return director == leader;
    }

    void onStreamBroken(String node, int stream) {
        var leader = director;
        if (leader != null && Integer.valueOf(stream).equals(streams.get(node))) {
            streams.remove(node);
            leases.onStreamBroken(node, now);
            leader.onDisconnect(node);
        }
    }

    private void checkAllServed() {
        for (var id : TOPOLOGY.shards()) {
            boolean able = nodes.values().stream().anyMatch(node -> node.usable(id.kind()));
            if (!able) {
                continue;
            }
            var shard = stored.shard(id);
            assertThat(shard.phase()).as("%s with %s", shard, nodes.keySet()).isEqualTo(ShardPhase.ACTIVE);
            var log = log(id);
            assertThat(shard.owner()).as("owner in the log of %s", shard).isEqualTo(log.owner);
            assertThat(shard.ownerEpoch()).isEqualTo(log.epoch);
            var owner = nodes.get(String.valueOf(shard.owner()));
            assertThat(owner == null ? null : owner.roleOf(id))
                    .as("role of the owner of %s", shard)
                    .isEqualTo(Role.LIVE);
        }
        for (var node : nodes.values()) {
            node.held().stream()
                    .filter(report -> report.getRole() != Role.STOPPED)
                    .forEach(report -> assertThat(
                                    stored.shard(ShardId.of(report.getShard())).owner())
                            .as("only the owner holds %s", report)
                            .isEqualTo(node.id));
        }
    }

    private record Event(long at, long order, Runnable action) {}

    /// The current claim in a shard's log.
    static final class SimulatedLog {
        long epoch;

        @Nullable
        String owner;

        long incarnation;
    }
}
