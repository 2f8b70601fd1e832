package dev.guildcast.coordinator;

import dev.guildcast.contract.ShardId;
import org.jspecify.annotations.Nullable;

/// The decided state of one shard.
///
/// Ownership itself is the claim in the shard's log; this is what the coordinator has directed and observed.
///
/// @param owner node that reported its claim live; null if none is known
/// @param ownerEpoch of the owner's claim; of the last owner's while there is none; 0 before the first
/// @param next node that follows (DRAINING) or was directed to claim (TRANSFERRING)
/// @param orderedEpoch of the last claim that a node was directed to make
/// @param epochMax highest epoch directed or observed: the next directed claim is above it
/// @param pinned node to which an operator pinned it
public record Shard(
        ShardId id,
        ShardPhase phase,
        @Nullable String owner,
        long ownerEpoch,
        @Nullable String next,
        long orderedEpoch,
        long epochMax,
        @Nullable String pinned) {
    public Shard {
        boolean valid = switch (phase) {
            case UNASSIGNED -> owner == null && next == null;
            case ACTIVE -> owner != null && next == null;
            case DRAINING -> owner != null && next != null;
            case TRANSFERRING -> next != null;
        };
        if (!valid || orderedEpoch > epochMax || ownerEpoch > epochMax) {
            throw new IllegalArgumentException("invalid shard: " + id + " " + phase + " owner " + owner + "@"
                    + ownerEpoch
                    + " next " + next + "@" + orderedEpoch + " (expected: the nodes of its phase, and epochs up to "
                    + epochMax + ")");
        }
    }

    /// A shard that has never had an owner.
    public static Shard fresh(ShardId id) {
        return new Shard(id, ShardPhase.UNASSIGNED, null, 0, null, 0, 0, null);
    }

    /// This node's claim is live.
    public Shard active(String node, long epoch) {
        return new Shard(id, ShardPhase.ACTIVE, node, epoch, null, orderedEpoch, Math.max(epochMax, epoch), pinned);
    }

    /// The owner continues while `node` follows.
    public Shard draining(String node) {
        return new Shard(id, ShardPhase.DRAINING, owner, ownerEpoch, node, orderedEpoch, epochMax, pinned);
    }

    /// `node` is to claim, under an epoch above all observed ones.
    public Shard transferring(String node) {
        return new Shard(id, ShardPhase.TRANSFERRING, owner, ownerEpoch, node, epochMax + 1, epochMax + 1, pinned);
    }

    /// The owner is lost, and no other node takes over.
    public Shard unassigned() {
        return new Shard(id, ShardPhase.UNASSIGNED, null, ownerEpoch, null, orderedEpoch, epochMax, pinned);
    }

    /// The same transfer, without a current owner.
    public Shard withoutOwner() {
        return new Shard(id, phase, null, ownerEpoch, next, orderedEpoch, epochMax, pinned);
    }

    /// A node has seen this epoch in the log.
    public Shard withObservedEpoch(long observedEpoch) {
        return observedEpoch <= epochMax
                ? this
                : new Shard(id, phase, owner, ownerEpoch, next, orderedEpoch, observedEpoch, pinned);
    }

    public Shard pinnedTo(@Nullable String node) {
        return new Shard(id, phase, owner, ownerEpoch, next, orderedEpoch, epochMax, node);
    }

    public boolean isOwnedBy(String node) {
        return node.equals(owner);
    }

    public boolean isNext(String node) {
        return node.equals(next);
    }

    /// The node that has its load, or will have: the next one, else the owner.
    public @Nullable String assignedNode() {
        return next != null ? next : owner;
    }

    /// Whether it is being moved to another node.
    public boolean isMoving() {
        return next != null;
    }
}
