package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.placement.Candidates;
import dev.guildcast.coordinator.placement.DrainPlan;
import dev.guildcast.coordinator.placement.Move;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.placement.RebalancePlan;
import dev.guildcast.coordinator.placement.RendezvousPlacement;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides who owns what, from the moment its replica leads until it does not.
///
/// - **Owner:** the replica's loop. Time is handed in, in milliseconds of one monotonic clock.
/// - **Bound:** shards of the topology, and nodes.
/// - **Promise:** the same events at the same times give the same decisions. A shard's epochs rise, one node at a time
///   is told to claim it, and while a node that can own it lives it finds one.
///
/// Every outcome is part of the state at once: if it cannot be kept, the director is thrown away with it.
final class ShardDirector {
    private final Leader self;
    private final Topology topology;
    private final PlacementProperties properties;
    private final Sightings sightings;
    private final Transfers transfers;
    private final DrainPlan drainPlan;
    private final RebalancePlan rebalancePlan;
    /// Before this nobody is without an owner just because none has reported yet.
    private final long judgeAtMillis;

    private ClusterState state;
    private boolean topicsReady;
    private long arrivalMillis;
    private long rebalanceAtMillis;

    /// @param state as the store has it
    /// @param leaseMillis within which nodes that live have reported to the new leader
    ShardDirector(
            ClusterState state,
            Leader self,
            Topology topology,
            PlacementProperties properties,
            long leaseMillis,
            long nowMillis) {
        this.state = state;
        this.self = self;
        this.topology = topology;
        this.properties = properties;
        this.topicsReady = state.topicsReady();
        this.sightings = new Sightings(properties.loadHalfLife(), properties.avoidFor(), nowMillis);
        var policy = new RendezvousPlacement(properties.loadBound());
        this.transfers = new Transfers(topology, policy, properties, sightings);
        this.drainPlan = new DrainPlan(policy, properties.movesPerNode());
        this.rebalancePlan = new RebalancePlan(policy, properties);
        boolean hasHistory = state.shards().values().stream().anyMatch(shard -> shard.epochMax() > 0);
        this.judgeAtMillis = hasHistory ? nowMillis + leaseMillis : nowMillis;
        this.arrivalMillis = nowMillis;
        this.rebalanceAtMillis = judgeAtMillis + properties.rebalanceEvery().toMillis();
    }

    ClusterState state() {
        return state;
    }

    /// Says who leads, and whether the topics are as planned.
    Outcome lead(boolean ready) {
        topicsReady = ready;
        var draft = new Draft(state, topology);
        draft.putAll();
        return decide(draft);
    }

    /// A node has a new stream, and says all that it holds.
    Outcome join(Node node, List<ShardReport> reports, long now) {
        var draft = new Draft(state, topology);
        var known = state.nodes().get(node.id());
        if (known == null) {
            arrivalMillis = now;
        }
        draft.put(known != null && known.draining() ? node.asDraining() : node);
        sightings.connect(node.id());
        hear(draft, node.id(), reports, now);
        for (var shard : draft.shards()) {
            boolean missing = !sightings.holds(node.id(), shard.id());
            if (shard.isNext(node.id())) {
                transfers.repeatOrder(draft, shard);
            } else if (shard.isOwnedBy(node.id()) && missing) {
                transfers.ownerFailed(draft, shard, node.id(), now);
            }
        }
        return decide(draft);
    }

    /// A node's renewal, which names all that it holds.
    Outcome report(String node, List<ShardReport> reports, long now) {
        var draft = new Draft(state, topology);
        sightings.forgetRoles(node);
        hear(draft, node, reports, now);
        for (var shard : draft.shards()) {
            transfers.missed(draft, shard, node, reports, now);
        }
        return decide(draft);
    }

    private void hear(Draft draft, String node, List<ShardReport> reports, long now) {
        for (var report : reports) {
            var shard = ShardId.of(report.getShard());
            sightings.see(node, shard, report, now);
            transfers.hear(draft, node, shard, report, now);
        }
    }

    /// A node's stream broke: until it has another, it is given nothing new.
    void lose(String node) {
        sightings.disconnect(node);
    }

    /// A node is no more.
    Outcome die(String node, long now) {
        var draft = new Draft(state, topology);
        draft.removeNode(node);
        sightings.forget(node);
        for (var before : draft.shards()) {
            if (before.isNext(node)) {
                transfers.nextFailed(draft, before, now);
            }
            var shard = draft.shard(before.id());
            if (shard.isOwnedBy(node)) {
                transfers.ownerGone(draft, shard, now);
            }
        }
        sightings.forget(node);
        return decide(draft);
    }

    /// Time has passed: limits, shards without an owner, drains, balance.
    Outcome tick(long now) {
        var draft = new Draft(state, topology);
        for (var shard : draft.shards()) {
            judge(draft, shard, now);
        }
        if (now >= judgeAtMillis) {
            start(draft, drainPlan.moves(draft.shards(), draft.nodes(), candidates(draft), sightings.weights()), now);
            if (now >= rebalanceAtMillis && isCalm(draft)) {
                rebalanceAtMillis = now + properties.rebalanceEvery().toMillis();
                start(draft, rebalance(draft, now), now);
            }
        }
        return decide(draft);
    }

    private void judge(Draft draft, Shard shard, long now) {
        long inPhase = sightings.inPhaseMillis(shard.id(), now);
        switch (shard.phase()) {
            case UNASSIGNED -> {
                boolean settled = shard.epochMax() > 0
                        || now >= arrivalMillis + properties.settle().toMillis();
                if (now >= judgeAtMillis && settled) {
                    transfers.place(draft, shard, null, now);
                }
            }
            case ACTIVE -> judgeOwner(draft, shard, now);
            case DRAINING -> {
                if (inPhase >= properties.followLimit().toMillis()) {
                    transfers.nextFailed(draft, shard, now);
                } else {
                    judgeOwner(draft, shard, now);
                }
            }
            case TRANSFERRING -> {
                if (inPhase >= properties.claimLimit().toMillis()) {
                    transfers.nextFailed(draft, shard, now);
                }
            }
        }
    }

    /// An owner that lives but has not said for long that this shard does.
    private void judgeOwner(Draft draft, Shard shard, long now) {
        var owner = shard.owner();
        if (owner != null
                && sightings.isConnected(owner)
                && sightings.silentMillis(shard.id(), now)
                        >= properties.claimLimit().toMillis()) {
            // Marked twice, so that another node is tried first.
            sightings.failed(owner, shard.id(), now);
            transfers.ownerFailed(draft, shard, owner, now);
        }
    }

    /// Whether no shard is without an owner that could have one.
    private boolean isCalm(Draft draft) {
        return draft.shards().stream()
                .noneMatch(shard -> shard.owner() == null
                        && !transfers.able(draft, shard.id()).isEmpty());
    }

    private List<Move> rebalance(Draft draft, long now) {
        long rest = 2 * properties.rebalanceEvery().toMillis();
        return rebalancePlan.moves(
                draft.shards(),
                candidates(draft),
                sightings.weights(),
                shard -> sightings.inPhaseMillis(shard, now) >= rest);
    }

    private Candidates candidates(Draft draft) {
        return Candidates.among(
                topology,
                draft.allNodes().stream()
                        .filter(node -> sightings.isConnected(node.id()))
                        .toList());
    }

    private void start(Draft draft, List<Move> moves, long now) {
        for (var move : moves) {
            if (!sightings.avoids(move.to(), move.shard(), now)) {
                transfers.move(draft, draft.shard(move.shard()), move.to(), now);
            }
        }
    }

    /// Moves every shard off a node, a few at a time, from the next tick on.
    Answer drain(String node) {
        var draft = new Draft(state, topology);
        var known = draft.nodes().get(node);
        if (known == null) {
            return Answer.refuse(Answer.Reason.NODE_UNKNOWN, "no node " + node + " is alive");
        }
        draft.put(known.asDraining());
        return new Answer.Done(decide(draft));
    }

    /// How many shards a node owns or is about to.
    int shardsOf(String node) {
        return (int) state.shards().values().stream()
                .filter(shard -> shard.isOwnedBy(node) || shard.isNext(node))
                .count();
    }

    /// Moves one shard to a node now.
    Answer move(ShardId id, String to, long now) {
        var draft = new Draft(state, topology);
        var refused = check(draft, id, to);
        if (refused != null) {
            return refused;
        }
        var shard = draft.shard(id);
        switch (shard.phase()) {
            case UNASSIGNED -> transfers.place(draft, shard, to, now);
            case ACTIVE -> {
                if (!shard.isOwnedBy(to)) {
                    transfers.move(draft, shard, to, now);
                }
            }
            case DRAINING, TRANSFERRING -> {
                if (!shard.isNext(to)) {
                    return Answer.refuse(
                            Answer.Reason.SHARD_IN_TRANSFER, id + " is on its way to another node; try again later");
                }
            }
        }
        return new Answer.Done(decide(draft));
    }

    /// Keeps a shard on a node, and moves it there with the next look at the spread.
    Answer pin(ShardId id, String node, long now) {
        var draft = new Draft(state, topology);
        var refused = check(draft, id, node);
        if (refused != null) {
            return refused;
        }
        draft.put(draft.shard(id).pinnedTo(node));
        rebalanceAtMillis = Math.min(rebalanceAtMillis, now);
        return new Answer.Done(decide(draft));
    }

    Answer unpin(ShardId id) {
        var draft = new Draft(state, topology);
        var shard = draft.find(id);
        if (shard == null) {
            return Answer.refuse(Answer.Reason.SHARD_UNKNOWN, "there is no shard " + id);
        }
        draft.put(shard.pinnedTo(null));
        return new Answer.Done(decide(draft));
    }

    private Answer.@Nullable Refused check(Draft draft, ShardId id, String to) {
        if (draft.find(id) == null) {
            return Answer.refuse(Answer.Reason.SHARD_UNKNOWN, "there is no shard " + id);
        }
        var node = draft.nodes().get(to);
        if (node == null || !sightings.isConnected(to)) {
            return Answer.refuse(Answer.Reason.NODE_UNKNOWN, "no node " + to + " is alive");
        }
        if (!node.canOwn(id)) {
            return Answer.refuse(Answer.Reason.NODE_CANNOT_OWN, "node " + to + " cannot own " + id);
        }
        if (node.draining()) {
            return Answer.refuse(Answer.Reason.NODE_LEAVING, "node " + to + " is draining");
        }
        return null;
    }

    private Outcome decide(Draft draft) {
        var decision = draft.decision(self, topology, topicsReady);
        boolean sameHead = self.equals(state.leader()) && topicsReady == state.topicsReady();
        if (decision.isEmpty() && sameHead) {
            return new Outcome(null, draft.orders());
        }
        state = state.with(decision);
        return new Outcome(decision, draft.orders());
    }
}
