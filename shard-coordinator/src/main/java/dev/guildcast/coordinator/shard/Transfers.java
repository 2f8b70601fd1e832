package dev.guildcast.coordinator.shard;

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

/// The passages of one shard between its phases, each for one thing heard.
///
/// `ACTIVE(A, e)` → `DRAINING(A; B follows)` → `TRANSFERRING(claim e+1 ordered of B)` → `ACTIVE(B, e+1)`; without A
/// straight to TRANSFERRING, without B back to `ACTIVE(A, e)`. Two nodes are never told to claim under
/// the same epoch, so whatever was lost on the way, the later order wins.
final class Transfers {
    /// A report this soon after an order may have been sent before the order came.
    private static final long CROSSING_MILLIS = 500;

    /// After which a node that was told to take a shard must have begun with it.
    private static final long MISSED_MILLIS = 3_000;

    private final Topology topology;
    private final PlacementPolicy policy;
    private final PlacementProperties properties;
    private final Sightings sightings;

    Transfers(Topology topology, PlacementPolicy policy, PlacementProperties properties, Sightings sightings) {
        this.topology = topology;
        this.policy = policy;
        this.properties = properties;
        this.sightings = sightings;
    }

    /// A node said how a shard fares on it.
    void hear(Draft draft, String node, ShardId id, ShardReport report, long now) {
        var known = draft.find(id);
        if (known == null) {
            draft.release(node, id);
            return;
        }
        var shard = known.heard(report.getEpoch());
        draft.put(shard);
        switch (report.getRole()) {
            case LIVE -> live(draft, shard, node, report.getEpoch(), now);
            case FOLLOWING -> follows(draft, shard, node, report.getLagMillis(), now);
            case RESTORING -> restores(draft, shard, node, now);
            case CLAIMING -> {
                if (!shard.isOwnedBy(node) && !shard.isNext(node)) {
                    draft.release(node, id);
                }
            }
            case STOPPED -> stopped(draft, shard, node, report.getEpoch(), now);
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> {
                // A role of a later version: its epoch is all that is understood.
            }
        }
    }

    private void live(Draft draft, Shard shard, String node, long epoch, long now) {
        boolean ordered = shard.phase() == ShardPhase.TRANSFERRING && shard.isNext(node);
        boolean newer = epoch > shard.ownerEpoch();
        boolean returned = shard.owner() == null && epoch == shard.ownerEpoch();
        if (ordered && epoch >= shard.orderedEpoch()) {
            activate(draft, shard, node, epoch, now);
        } else if (shard.isOwnedBy(node)) {
            sightings.live(shard.id(), now);
            if (newer) {
                draft.put(owned(shard, node, epoch));
            }
        } else if (!newer && !returned) {
            draft.release(node, shard.id());
        } else if (shard.phase() == ShardPhase.TRANSFERRING && epoch < shard.orderedEpoch()) {
            // It owns the shard until the claim that was ordered after it.
            draft.put(owned(shard, node, epoch));
        } else {
            activate(draft, shard, node, epoch, now);
        }
    }

    private static Shard owned(Shard shard, String node, long epoch) {
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

    private void activate(Draft draft, Shard shard, String node, long epoch, long now) {
        draft.put(shard.active(node, epoch));
        sightings.entered(shard.id(), now);
        sightings.live(shard.id(), now);
        for (var holder : sightings.holders(shard.id())) {
            if (!holder.equals(node)) {
                draft.release(holder, shard.id());
            }
        }
        releaseUnless(node, shard.owner(), draft, shard.id());
        releaseUnless(node, shard.next(), draft, shard.id());
    }

    private static void releaseUnless(String kept, @Nullable String node, Draft draft, ShardId shard) {
        if (node != null && !node.equals(kept)) {
            draft.release(node, shard);
        }
    }

    private void follows(Draft draft, Shard shard, String node, long lagMillis, long now) {
        if (shard.isNext(node)) {
            if (shard.phase() == ShardPhase.DRAINING
                    && lagMillis <= properties.lagMax().toMillis()) {
                transfer(draft, shard, node, now);
            }
        } else if (shard.isOwnedBy(node)) {
            ownerFailed(draft, shard, node, now);
        } else {
            draft.release(node, shard.id());
        }
    }

    private void restores(Draft draft, Shard shard, String node, long now) {
        if (shard.isNext(node)) {
            return;
        }
        if (shard.isOwnedBy(node)) {
            ownerFailed(draft, shard, node, now);
        } else {
            draft.release(node, shard.id());
        }
    }

    private void stopped(Draft draft, Shard shard, String node, long epoch, long now) {
        if (shard.isNext(node)) {
            boolean crossed =
                    epoch < shard.orderedEpoch() && sightings.inPhaseMillis(shard.id(), now) < CROSSING_MILLIS;
            if (!crossed) {
                nextFailed(draft, shard, now);
            }
        } else if (shard.isOwnedBy(node) && (epoch == 0 || epoch >= shard.ownerEpoch())) {
            ownerFailed(draft, shard, node, now);
        }
    }

    /// A node named all that it holds, and this shard was not among it though it should be.
    void missed(Draft draft, Shard shard, String node, List<ShardReport> reports, long now) {
        boolean involved = shard.isNext(node) || shard.isOwnedBy(node);
        boolean old = sightings.inPhaseMillis(shard.id(), now) >= MISSED_MILLIS;
        if (!involved || !old || names(reports, shard.id())) {
            return;
        }
        if (shard.isNext(node)) {
            nextFailed(draft, shard, now);
        } else {
            ownerFailed(draft, shard, node, now);
        }
    }

    private static boolean names(List<ShardReport> reports, ShardId shard) {
        return reports.stream().anyMatch(report -> report.getShard().equals(shard.toRef()));
    }

    /// The owner's process lives, but owns the shard no more.
    void ownerFailed(Draft draft, Shard shard, String node, long now) {
        boolean again = sightings.failed(node, shard.id(), now);
        switch (shard.phase()) {
            case ACTIVE -> place(draft, shard, again ? node : null, now);
            case DRAINING -> ownerGone(draft, shard, now);
            case TRANSFERRING -> draft.put(shard.withoutOwner());
            case UNASSIGNED -> {
                // Without an owner none can fail.
            }
        }
    }

    /// The owner's process is dead.
    void ownerGone(Draft draft, Shard shard, long now) {
        switch (shard.phase()) {
            case ACTIVE -> place(draft, shard, null, now);
            case DRAINING -> {
                var next = shard.next();
                if (next != null && sightings.isConnected(next)) {
                    transfer(draft, shard.unassigned(), next, now);
                } else {
                    place(draft, shard, null, now);
                }
            }
            case TRANSFERRING -> draft.put(shard.withoutOwner());
            case UNASSIGNED -> {
                // Nobody's already.
            }
        }
    }

    /// The node that was to take over is dead, too slow, or gave up.
    void nextFailed(Draft draft, Shard shard, long now) {
        var next = shard.next();
        var owner = shard.owner();
        if (next == null) {
            return;
        }
        sightings.failed(next, shard.id(), now);
        draft.release(next, shard.id());
        boolean works = shard.phase() == ShardPhase.DRAINING || owner != null && sightings.isLive(owner, shard.id());
        if (owner != null && !owner.equals(next) && works) {
            draft.put(shard.active(owner, shard.ownerEpoch()));
            sightings.entered(shard.id(), now);
            sightings.live(shard.id(), now);
        } else {
            place(draft, shard, null, now);
        }
    }

    /// Finds an owner for a shard that has none.
    ///
    /// @param preferred the node that knows the shard best; null for none
    void place(Draft draft, Shard shard, @Nullable String preferred, long now) {
        var free = shard.unassigned();
        var target = choose(draft, free, preferred, now);
        if (target.isPresent()) {
            transfer(draft, free, target.get().id(), now);
        } else if (!free.equals(shard)) {
            draft.put(free);
            sightings.entered(shard.id(), now);
        }
    }

    private Optional<Node> choose(Draft draft, Shard shard, @Nullable String preferred, long now) {
        var able = able(draft, shard.id());
        var fit = able.stream()
                .filter(node -> !sightings.avoids(node.id(), shard.id(), now))
                .toList();
        var wanted = find(fit, shard.pinned()).or(() -> find(able, preferred));
        if (wanted.isPresent()) {
            return wanted;
        }
        var candidates = fit.isEmpty()
                ? able.stream()
                        .filter(node -> sightings.mayRetry(node.id(), shard.id(), now))
                        .toList()
                : fit;
        draft.put(shard);
        return policy.choose(shard.id(), candidates, new NodeLoads(draft.shards(), sightings.weights()));
    }

    private static Optional<Node> find(List<Node> nodes, @Nullable String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    /// Willing nodes; failing that those that drain, rather than leave the shard unserved.
    List<Node> able(Draft draft, ShardId shard) {
        var alive = draft.allNodes().stream()
                .filter(node -> sightings.isConnected(node.id()))
                .toList();
        var willing = Candidates.among(topology, alive).of(shard);
        return willing.isEmpty() ? new Candidates(topology, alive).of(shard) : willing;
    }

    private void transfer(Draft draft, Shard shard, String node, long now) {
        var transferring = shard.transferring(node);
        draft.put(transferring);
        draft.claim(node, shard.id(), transferring.orderedEpoch());
        sightings.entered(shard.id(), now);
    }

    /// Begins to move a shard off an owner that works.
    void move(Draft draft, Shard shard, String node, long now) {
        draft.put(shard.draining(node));
        draft.follow(node, shard.id());
        sightings.entered(shard.id(), now);
    }

    /// Gives the open order of a shard again: its node has a new stream and may not have got it.
    void repeatOrder(Draft draft, Shard shard) {
        var next = shard.next();
        if (next == null) {
            return;
        }
        if (shard.phase() == ShardPhase.DRAINING) {
            if (!sightings.holds(next, shard.id())) {
                draft.follow(next, shard.id());
            }
        } else if (!sightings.isClaiming(next, shard.id(), shard.orderedEpoch())) {
            draft.claim(next, shard.id(), shard.orderedEpoch());
        }
    }
}
