package dev.guildcast.coordinator.director;

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
import dev.guildcast.coordinator.placement.RebalancePlanner;
import dev.guildcast.coordinator.placement.RendezvousPlacement;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which node owns which shard, for one leader term.
///
/// - **Owner:** the replica's loop. Time is passed in, in milliseconds of one monotonic clock.
/// - **Bound:** shards of the topology, and nodes.
/// - **Promise:** the same events at the same times give the same decisions. A shard's epochs rise, one node at a time
///   is directed to claim it, and while an eligible node is alive the shard gets an owner.
///
/// Every output is part of the state at once: if it cannot be committed, the director is discarded with it.
public final class ShardDirector {
    /// When all nodes lose Kafka, it is Kafka that is away, and no shard must move: they report it within this time of
    /// each other.
    private static final long STORAGE_LOST_SETTLE_MILLIS = 1_000;

    private final Leader self;
    private final Topology topology;
    private final PlacementProperties properties;
    private final ObservedState observed;
    private final ShardTransitions transitions;
    private final DrainPlan drainPlan;
    private final RebalancePlanner rebalancePlan;
    /// Before this a shard is not reassigned just because its owner has not reported to this leader yet.
    private final long reportsDueMillis;

    private ClusterState state;
    private boolean topicsReady;
    private long lastArrivalMillis;
    private long nextRebalanceMillis;

    /// @param state as loaded from the store
    /// @param leaseMillis within which live nodes have reported to the new leader
    public ShardDirector(
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
        this.observed = new ObservedState(properties.loadHalfLife(), properties.avoidFor(), nowMillis);
        var policy = new RendezvousPlacement(properties.loadBound());
        this.transitions = new ShardTransitions(topology, policy, properties, observed);
        this.drainPlan = new DrainPlan(policy, properties.movesPerNode());
        this.rebalancePlan = new RebalancePlanner(policy, properties);
        boolean hasHistory = state.shards().values().stream().anyMatch(shard -> shard.epochMax() > 0);
        this.reportsDueMillis = hasHistory ? nowMillis + leaseMillis : nowMillis;
        this.lastArrivalMillis = nowMillis;
        this.nextRebalanceMillis =
                reportsDueMillis + properties.rebalanceEvery().toMillis();
    }

    public ClusterState state() {
        return state;
    }

    /// Records who leads, and whether the topics are as planned.
    public DirectorOutput recordLeader(boolean allTopicsReady) {
        topicsReady = allTopicsReady;
        var change = new ClusterChange(state, topology);
        change.includeAllShards();
        return decide(change);
    }

    /// A node has opened a stream, and reports all shards that it holds.
    public DirectorOutput onJoin(Node node, List<ShardReport> reports, long now) {
        var change = new ClusterChange(state, topology);
        var known = state.nodes().get(node.id());
        if (known == null) {
            lastArrivalMillis = now;
        }
        change.put(known != null && known.draining() ? node.asDraining() : node);
        observed.connect(node.id());
        applyReports(change, node.id(), reports, now);
        for (var shard : change.shards()) {
            boolean missing = !observed.holds(node.id(), shard.id());
            if (shard.isNext(node.id())) {
                transitions.resendDirective(change, shard);
            } else if (shard.isOwnedBy(node.id()) && missing) {
                transitions.onOwnerFailed(change, shard, node.id(), now);
            }
        }
        return decide(change);
    }

    /// A node's renewal, which reports all shards that it holds.
    public DirectorOutput onReport(String node, List<ShardReport> reports, long now) {
        var change = new ClusterChange(state, topology);
        observed.clearRoles(node);
        applyReports(change, node, reports, now);
        for (var shard : change.shards()) {
            transitions.onReportMissing(change, shard, node, reports, now);
        }
        return decide(change);
    }

    private void applyReports(ClusterChange change, String node, List<ShardReport> reports, long now) {
        for (var report : reports) {
            var shard = ShardId.of(report.getShard());
            observed.observe(node, shard, report, now);
            transitions.onReport(change, node, shard, report, now);
        }
    }

    /// A node reports whether it has lost Kafka; called before the report itself is applied.
    ///
    /// @return whether that has changed
    public boolean onStorageReport(String node, boolean lost, long now) {
        return observed.markStorage(node, lost, now);
    }

    /// A node's stream broke: until it has another, it is assigned no shard.
    public void onDisconnect(String node) {
        observed.disconnect(node);
    }

    /// A node's lease expired.
    public DirectorOutput onNodeDead(String node, long now) {
        var change = new ClusterChange(state, topology);
        change.removeNode(node);
        observed.removeNode(node);
        for (var before : change.shards()) {
            if (before.isNext(node)) {
                transitions.onNextFailed(change, before, now);
            }
            var shard = change.shard(before.id());
            if (shard.isOwnedBy(node)) {
                transitions.onOwnerDead(change, shard, now);
            }
        }
        observed.removeNode(node);
        return decide(change);
    }

    /// Checks what depends on time: limits, shards without an owner, drains, balance.
    public DirectorOutput onTick(long now) {
        var change = new ClusterChange(state, topology);
        for (var shard : change.shards()) {
            checkShard(change, shard, now);
        }
        if (now >= reportsDueMillis) {
            startMoves(
                    change,
                    drainPlan.moves(change.shards(), change.nodes(), candidates(change, now), observed.weights()),
                    now);
            if (now >= nextRebalanceMillis && isFullyServed(change)) {
                nextRebalanceMillis = now + properties.rebalanceEvery().toMillis();
                startMoves(change, rebalance(change, now), now);
            }
        }
        return decide(change);
    }

    private void checkShard(ClusterChange change, Shard shard, long now) {
        if (leaveLostNode(change, shard, now)) {
            return;
        }
        long inPhase = observed.inPhaseMillis(shard.id(), now);
        switch (shard.phase()) {
            case UNASSIGNED -> {
                boolean settled = shard.epochMax() > 0
                        || now >= lastArrivalMillis + properties.settle().toMillis();
                if (now >= reportsDueMillis && settled) {
                    transitions.place(change, shard, null, now);
                }
            }
            case ACTIVE -> checkOwner(change, shard, now);
            case DRAINING -> {
                if (inPhase >= properties.followLimit().toMillis()) {
                    transitions.onNextFailed(change, shard, now);
                } else {
                    checkOwner(change, shard, now);
                }
            }
            case TRANSFERRING -> {
                if (inPhase >= properties.claimLimit().toMillis()) {
                    transitions.onNextFailed(change, shard, now);
                }
            }
        }
    }

    /// Moves a shard off a node that has lost Kafka, if another one reaches it.
    private boolean leaveLostNode(ClusterChange change, Shard shard, long now) {
        var next = shard.next();
        if (next != null && hasLostStorage(next, now) && hasOther(change, shard, next)) {
            transitions.onNextFailed(change, shard, now);
            return true;
        }
        var owner = shard.owner();
        if (owner == null || !observed.hasLostStorage(owner)) {
            return false;
        }
        if (hasLostStorage(owner, now) && hasOther(change, shard, owner)) {
            // Marked here and again by the call below, so that the shard does not stay.
            observed.markFailed(owner, shard.id(), now);
            transitions.onOwnerFailed(change, shard, owner, now);
            return true;
        }
        // It cannot be live, and nobody else could: the time does not count against it.
        observed.markLive(shard.id(), now);
        return false;
    }

    private boolean hasLostStorage(String node, long now) {
        return observed.hasLostStorage(node) && observed.storageLostMillis(node, now) >= STORAGE_LOST_SETTLE_MILLIS;
    }

    private boolean hasOther(ClusterChange change, Shard shard, String than) {
        return transitions.eligibleNodes(change, shard.id()).stream()
                .anyMatch(node -> !node.id().equals(than));
    }

    /// An owner that is alive but has not reported this shard as live for too long.
    private void checkOwner(ClusterChange change, Shard shard, long now) {
        var owner = shard.owner();
        if (owner != null
                && observed.isConnected(owner)
                && observed.sinceLiveMillis(shard.id(), now)
                        >= properties.claimLimit().toMillis()) {
            // Marked here and again by the call below, so that it counts as a repeated failure: another node is tried
            // first.
            observed.markFailed(owner, shard.id(), now);
            transitions.onOwnerFailed(change, shard, owner, now);
        }
    }

    /// Whether every shard with an eligible node has an owner.
    private boolean isFullyServed(ClusterChange change) {
        return change.shards().stream()
                .noneMatch(shard -> shard.owner() == null
                        && !transitions.eligibleNodes(change, shard.id()).isEmpty());
    }

    private List<Move> rebalance(ClusterChange change, long now) {
        long minPhaseMillis = 2 * properties.rebalanceEvery().toMillis();
        return rebalancePlan.moves(
                change.shards(),
                candidates(change, now),
                observed.weights(),
                shard -> observed.inPhaseMillis(shard, now) >= minPhaseMillis);
    }

    private Candidates candidates(ClusterChange change, long now) {
        return Candidates.among(
                topology,
                change.allNodes().stream()
                        .filter(node ->
                                observed.isConnected(node.id()) && !observed.isStorageUnreliable(node.id(), now))
                        .toList());
    }

    private void startMoves(ClusterChange change, List<Move> moves, long now) {
        for (var move : moves) {
            if (!observed.isAvoided(move.to(), move.shard(), now)) {
                transitions.move(change, change.shard(move.shard()), move.to(), now);
            }
        }
    }

    /// Moves every shard off a node, a few at a time, from the next tick on.
    public OperationResult drain(String node) {
        var change = new ClusterChange(state, topology);
        var known = change.nodes().get(node);
        if (known == null) {
            return OperationResult.reject(
                    OperationResult.RejectionReason.NODE_UNKNOWN, "no node " + node + " is alive");
        }
        change.put(known.asDraining());
        return new OperationResult.Accepted(decide(change));
    }

    /// How many shards a node owns or is about to own.
    public int shardCountOf(String node) {
        return (int) state.shards().values().stream()
                .filter(shard -> shard.isOwnedBy(node) || shard.isNext(node))
                .count();
    }

    /// Moves one shard to a node now.
    public OperationResult move(ShardId id, String to, long now) {
        var change = new ClusterChange(state, topology);
        var rejected = validateTarget(change, id, to);
        if (rejected != null) {
            return rejected;
        }
        var shard = change.shard(id);
        switch (shard.phase()) {
            case UNASSIGNED -> transitions.place(change, shard, to, now);
            case ACTIVE -> {
                if (!shard.isOwnedBy(to)) {
                    transitions.move(change, shard, to, now);
                }
            }
            case DRAINING, TRANSFERRING -> {
                if (!shard.isNext(to)) {
                    return OperationResult.reject(
                            OperationResult.RejectionReason.SHARD_IN_TRANSFER,
                            id + " is moving to another node; try again later");
                }
            }
        }
        return new OperationResult.Accepted(decide(change));
    }

    /// Pins a shard to a node, and moves it there with the next rebalancing.
    public OperationResult pin(ShardId id, String node, long now) {
        var change = new ClusterChange(state, topology);
        var rejected = validateTarget(change, id, node);
        if (rejected != null) {
            return rejected;
        }
        change.put(change.shard(id).pinnedTo(node));
        nextRebalanceMillis = Math.min(nextRebalanceMillis, now);
        return new OperationResult.Accepted(decide(change));
    }

    public OperationResult unpin(ShardId id) {
        var change = new ClusterChange(state, topology);
        var shard = change.find(id);
        if (shard == null) {
            return OperationResult.reject(OperationResult.RejectionReason.SHARD_UNKNOWN, "there is no shard " + id);
        }
        change.put(shard.pinnedTo(null));
        return new OperationResult.Accepted(decide(change));
    }

    private OperationResult.@Nullable Rejected validateTarget(ClusterChange change, ShardId id, String to) {
        if (change.find(id) == null) {
            return OperationResult.reject(OperationResult.RejectionReason.SHARD_UNKNOWN, "there is no shard " + id);
        }
        var node = change.nodes().get(to);
        if (node == null || !observed.isConnected(to)) {
            return OperationResult.reject(OperationResult.RejectionReason.NODE_UNKNOWN, "no node " + to + " is alive");
        }
        if (!node.canOwn(id)) {
            return OperationResult.reject(
                    OperationResult.RejectionReason.NODE_CANNOT_OWN, "node " + to + " cannot own " + id);
        }
        if (observed.hasLostStorage(to)) {
            return OperationResult.reject(
                    OperationResult.RejectionReason.NODE_CANNOT_OWN,
                    "node " + to + " has lost Kafka, so it cannot own a shard");
        }
        if (node.draining()) {
            return OperationResult.reject(
                    OperationResult.RejectionReason.NODE_LEAVING, "node " + to + " is draining and takes no shards");
        }
        return null;
    }

    private DirectorOutput decide(ClusterChange change) {
        var decision = change.toDecision(self, topology, topicsReady);
        boolean leaderUnchanged = self.equals(state.leader()) && topicsReady == state.topicsReady();
        if (decision.isEmpty() && leaderUnchanged) {
            return new DirectorOutput(null, change.directives());
        }
        state = state.with(decision);
        return new DirectorOutput(decision, change.directives());
    }
}
