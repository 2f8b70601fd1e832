package dev.guildcast.coordinator;

import dev.guildcast.contract.ShardId;
import org.jspecify.annotations.Nullable;

/// What has been decided about one shard.
///
/// The right to a shard is the claim in its log; this is what the coordinator has ordered and heard.
///
/// @param owner node that reported its claim live; null when none is known
/// @param ownerEpoch of the owner's claim; of the last owner's while there is none; 0 before the first
/// @param next node that follows (DRAINING) or was told to claim (TRANSFERRING)
/// @param orderedEpoch of the last claim that was ordered
/// @param epochMax highest epoch ordered or heard of: the next order is above it
/// @param pinned node on which an operator wants it
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
        boolean fits = switch (phase) {
            case UNASSIGNED -> owner == null && next == null;
            case ACTIVE -> owner != null && next == null;
            case DRAINING -> owner != null && next != null;
            case TRANSFERRING -> next != null;
        };
        if (!fits || orderedEpoch > epochMax || ownerEpoch > epochMax) {
            throw new IllegalArgumentException(id + " " + phase + " owner " + owner + "@" + ownerEpoch + " next " + next
                    + "@" + orderedEpoch + " highest " + epochMax);
        }
    }

    /// Never owned by anyone.
    public static Shard fresh(ShardId id) {
        return new Shard(id, ShardPhase.UNASSIGNED, null, 0, null, 0, 0, null);
    }

    /// This node's claim is live.
    public Shard active(String node, long epoch) {
        return new Shard(id, ShardPhase.ACTIVE, node, epoch, null, orderedEpoch, Math.max(epochMax, epoch), pinned);
    }

    /// The owner works on while `node` follows.
    public Shard draining(String node) {
        return new Shard(id, ShardPhase.DRAINING, owner, ownerEpoch, node, orderedEpoch, epochMax, pinned);
    }

    /// `node` is to claim, under an epoch above all that were heard of.
    public Shard transferring(String node) {
        return new Shard(id, ShardPhase.TRANSFERRING, owner, ownerEpoch, node, epochMax + 1, epochMax + 1, pinned);
    }

    /// The owner is gone, and nobody takes over.
    public Shard unassigned() {
        return new Shard(id, ShardPhase.UNASSIGNED, null, ownerEpoch, null, orderedEpoch, epochMax, pinned);
    }

    /// The same transfer, from nobody.
    public Shard withoutOwner() {
        return new Shard(id, phase, null, ownerEpoch, next, orderedEpoch, epochMax, pinned);
    }

    /// Someone has seen this epoch in the log.
    public Shard heard(long epoch) {
        return epoch <= epochMax ? this : new Shard(id, phase, owner, ownerEpoch, next, orderedEpoch, epoch, pinned);
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

    /// The node whose load it is, or will be: the next one, else the owner.
    public @Nullable String bearer() {
        return next != null ? next : owner;
    }

    /// Whether it is on its way between two nodes.
    public boolean isMoving() {
        return next != null;
    }
}
