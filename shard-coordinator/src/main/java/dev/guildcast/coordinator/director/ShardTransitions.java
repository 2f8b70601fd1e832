package dev.guildcast.coordinator.director;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.coordinator.ShardPhase;
import dev.guildcast.coordinator.placement.Candidates;
import dev.guildcast.coordinator.placement.NodeLoads;
import dev.guildcast.coordinator.placement.PlacementPolicy;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state machine of a shard: one transition of its phase for each reported event.
///
/// `ACTIVE(A, e)` → `DRAINING(A; B follows)` → `TRANSFERRING(B directed to claim e+1)` → `ACTIVE(B, e+1)`; without A
/// straight to TRANSFERRING, without B back to `ACTIVE(A, e)`. No two nodes are directed to claim under the same epoch,
/// so whichever messages were lost, the later directive wins.
final class ShardTransitions {
    /// A report this soon after a directive may have been sent before the directive arrived.
    private static final long IN_FLIGHT_MILLIS = 500;

    /// After which a node must report a shard that it was directed to follow or claim; nodes report every second.
    private static final long MISSING_GRACE_MILLIS = 3_000;

    private final Topology topology;
    private final PlacementPolicy policy;
    private final PlacementProperties properties;
    private final ObservedState observed;

    ShardTransitions(
            Topology topology, PlacementPolicy policy, PlacementProperties properties, ObservedState observed) {
        this.topology = topology;
        this.policy = policy;
        this.properties = properties;
        this.observed = observed;
    }

    /// A node reported its role for a shard.
    void onReport(ClusterChange change, String node, ShardId id, ShardReport report, long now) {
        var known = change.find(id);
        if (known == null) {
            change.release(node, id);
            return;
        }
        var shard = known.withObservedEpoch(report.getEpoch());
        change.put(shard);
        switch (report.getRole()) {
            case LIVE -> onLive(change, shard, node, report.getEpoch(), now);
            case FOLLOWING -> onFollowing(change, shard, node, report.getLagMillis(), now);
            case RESTORING -> onRestoring(change, shard, node, now);
            case CLAIMING -> {
                if (!shard.isOwnedBy(node) && !shard.isNext(node)) {
                    change.release(node, id);
                }
            }
            case STOPPED -> onStopped(change, shard, node, report.getEpoch(), now);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> {
                // A role of a later version: only its epoch is understood.
            }
        }
    }

    private void onLive(ClusterChange change, Shard shard, String node, long epoch, long now) {
        boolean ordered = shard.phase() == ShardPhase.TRANSFERRING && shard.isNext(node);
        boolean newer = epoch > shard.ownerEpoch();
        boolean returned = shard.owner() == null && epoch == shard.ownerEpoch();
        if (ordered && epoch >= shard.orderedEpoch()) {
            activate(change, shard, node, epoch, now);
        } else if (shard.isOwnedBy(node)) {
            observed.markLive(shard.id(), now);
            if (newer) {
                change.put(withOwner(shard, node, epoch));
            }
        } else if (!newer && !returned) {
            change.release(node, shard.id());
        } else if (shard.phase() == ShardPhase.TRANSFERRING && epoch < shard.orderedEpoch()) {
            // It owns the shard until the claim that was directed after it.
            change.put(withOwner(shard, node, epoch));
        } else {
            activate(change, shard, node, epoch, now);
        }
    }

    private static Shard withOwner(Shard shard, String node, long epoch) {
        return new Shard(
                shard.id(),
                shard.phase(),
                node,
                epoch,
                shard.next(),
                shard.orderedEpoch(),
                shard.epochMax(),
                shard.pinned());
    }

    private void activate(ClusterChange change, Shard shard, String node, long epoch, long now) {
        change.put(shard.active(node, epoch));
        observed.markPhaseEntered(shard.id(), now);
        observed.markLive(shard.id(), now);
        for (var holder : observed.holders(shard.id())) {
            if (!holder.equals(node)) {
                change.release(holder, shard.id());
            }
        }
        releaseUnless(node, shard.owner(), change, shard.id());
        releaseUnless(node, shard.next(), change, shard.id());
    }

    private static void releaseUnless(String exceptNode, @Nullable String node, ClusterChange change, ShardId shard) {
        if (node != null && !node.equals(exceptNode)) {
            change.release(node, shard);
        }
    }

    private void onFollowing(ClusterChange change, Shard shard, String node, long lagMillis, long now) {
        if (shard.isNext(node)) {
            if (shard.phase() == ShardPhase.DRAINING
                    && lagMillis <= properties.lagMax().toMillis()) {
                transfer(change, shard, node, now);
            }
        } else if (shard.isOwnedBy(node)) {
            onOwnerFailed(change, shard, node, now);
        } else {
            change.release(node, shard.id());
        }
    }

    private void onRestoring(ClusterChange change, Shard shard, String node, long now) {
        if (shard.isNext(node)) {
            return;
        }
        if (shard.isOwnedBy(node)) {
            onOwnerFailed(change, shard, node, now);
        } else {
            change.release(node, shard.id());
        }
    }

    private void onStopped(ClusterChange change, Shard shard, String node, long epoch, long now) {
        if (shard.isNext(node)) {
            boolean sentBeforeDirective =
                    epoch < shard.orderedEpoch() && observed.inPhaseMillis(shard.id(), now) < IN_FLIGHT_MILLIS;
            if (!sentBeforeDirective) {
                onNextFailed(change, shard, now);
            }
        } else if (shard.isOwnedBy(node) && (epoch == 0 || epoch >= shard.ownerEpoch())) {
            onOwnerFailed(change, shard, node, now);
        }
    }

    /// A node reported all shards that it holds; this checks a shard that it should hold and did not report.
    void onReportMissing(ClusterChange change, Shard shard, String node, List<ShardReport> reports, long now) {
        boolean involved = shard.isNext(node) || shard.isOwnedBy(node);
        boolean settled = observed.inPhaseMillis(shard.id(), now) >= MISSING_GRACE_MILLIS;
        if (!involved || !settled || contains(reports, shard.id())) {
            return;
        }
        if (shard.isNext(node)) {
            onNextFailed(change, shard, now);
        } else {
            onOwnerFailed(change, shard, node, now);
        }
    }

    private static boolean contains(List<ShardReport> reports, ShardId shard) {
        return reports.stream().anyMatch(report -> report.getShard().equals(shard.toRef()));
    }

    /// The owner's process is alive, but no longer owns the shard.
    void onOwnerFailed(ClusterChange change, Shard shard, String node, long now) {
        boolean firstFailure = observed.markFailed(node, shard.id(), now);
        switch (shard.phase()) {
            case ACTIVE -> place(change, shard, firstFailure ? node : null, now);
            case DRAINING -> onOwnerDead(change, shard, now);
            case TRANSFERRING -> change.put(shard.withoutOwner());
            case UNASSIGNED -> {
                // There is no owner that could fail.
            }
        }
    }

    /// The owner's process is dead.
    void onOwnerDead(ClusterChange change, Shard shard, long now) {
        switch (shard.phase()) {
            case ACTIVE -> place(change, shard, null, now);
            case DRAINING -> {
                var next = shard.next();
                if (next != null && observed.isAvailable(next)) {
                    transfer(change, shard.unassigned(), next, now);
                } else {
                    place(change, shard, null, now);
                }
            }
            case TRANSFERRING -> change.put(shard.withoutOwner());
            case UNASSIGNED -> {
                // It has no owner already.
            }
        }
    }

    /// The node that was to take over is dead, too slow, or has stopped.
    void onNextFailed(ClusterChange change, Shard shard, long now) {
        var next = shard.next();
        var owner = shard.owner();
        if (next == null) {
            return;
        }
        observed.markFailed(next, shard.id(), now);
        change.release(next, shard.id());
        boolean ownerWorks =
                shard.phase() == ShardPhase.DRAINING || owner != null && observed.isLive(owner, shard.id());
        if (owner != null && !owner.equals(next) && ownerWorks) {
            change.put(shard.active(owner, shard.ownerEpoch()));
            observed.markPhaseEntered(shard.id(), now);
            observed.markLive(shard.id(), now);
        } else {
            place(change, shard, null, now);
        }
    }

    /// Finds an owner for a shard that has none.
    ///
    /// @param preferred the node that still has most of the shard's state; null for none
    void place(ClusterChange change, Shard shard, @Nullable String preferred, long now) {
        var unassigned = shard.unassigned();
        var target = choose(change, unassigned, preferred, now);
        if (target.isPresent()) {
            transfer(change, unassigned, target.get().id(), now);
        } else if (!unassigned.equals(shard)) {
            change.put(unassigned);
            observed.markPhaseEntered(shard.id(), now);
        }
    }

    private Optional<Node> choose(ClusterChange change, Shard shard, @Nullable String preferred, long now) {
        var eligible = eligibleNodes(change, shard.id());
        var reliable = eligible.stream()
                .filter(node -> !observed.isAvoided(node.id(), shard.id(), now)
                        && !observed.isStorageUnreliable(node.id(), now))
                .toList();
        var designated = find(reliable, shard.pinned()).or(() -> find(eligible, preferred));
        if (designated.isPresent()) {
            return designated;
        }
        var candidates = reliable.isEmpty()
                ? eligible.stream()
                        .filter(node -> observed.mayRetry(node.id(), shard.id(), now))
                        .toList()
                : reliable;
        change.put(shard);
        return policy.choose(shard.id(), candidates, new NodeLoads(change.shards(), observed.weights()));
    }

    private static Optional<Node> find(List<Node> nodes, @Nullable String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    /// Nodes that reach Kafka and do not drain; if there are none, draining ones rather than leaving the shard without
    /// an owner.
    List<Node> eligibleNodes(ClusterChange change, ShardId shard) {
        var alive = change.allNodes().stream()
                .filter(node -> observed.isAvailable(node.id()))
                .toList();
        var willing = Candidates.among(topology, alive).eligibleFor(shard);
        return willing.isEmpty() ? new Candidates(topology, alive).eligibleFor(shard) : willing;
    }

    private void transfer(ClusterChange change, Shard shard, String node, long now) {
        var transferring = shard.transferring(node);
        change.put(transferring);
        change.claim(node, shard.id(), transferring.orderedEpoch());
        observed.markPhaseEntered(shard.id(), now);
    }

    /// Starts to move a shard off a live owner.
    void move(ClusterChange change, Shard shard, String node, long now) {
        change.put(shard.draining(node));
        change.follow(node, shard.id());
        observed.markPhaseEntered(shard.id(), now);
    }

    /// Sends the open directive of a shard again: its node has a new stream and may not have received it.
    void resendDirective(ClusterChange change, Shard shard) {
        var next = shard.next();
        if (next == null) {
            return;
        }
        if (shard.phase() == ShardPhase.DRAINING) {
            if (!observed.holds(next, shard.id())) {
                change.follow(next, shard.id());
            }
        } else if (!observed.isClaiming(next, shard.id(), shard.orderedEpoch())) {
            change.claim(next, shard.id(), shard.orderedEpoch());
        }
    }
}
