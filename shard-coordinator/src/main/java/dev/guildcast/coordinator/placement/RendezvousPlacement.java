package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardHash;
import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Rendezvous hashing with bounded loads: nodes are ranked for a shard by hash, and the first below the bound wins.
///
/// So a shard mostly returns to its former node, a node that joins or leaves moves few other shards, and none is
/// overloaded. If no node is below the bound, as with few heavy shards, the least loaded is chosen: a node has at most
/// `loadBound` times the mean load, or one shard more than the least loaded.
public final class RendezvousPlacement implements PlacementPolicy {
    /// Tolerance for sums of the same weights in another order, which differ in their last bits.
    private static final double ROUNDING_TOLERANCE = 1e-9;

    private final double loadBound;

    public RendezvousPlacement(double loadBound) {
        this.loadBound = loadBound;
    }

    @Override
    public Optional<Node> choose(ShardId shard, List<Node> candidates, NodeLoads loads) {
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        double weight = loads.weight(shard);
        double bound = loadBound * (loads.mean(candidates) + weight / candidates.size()) + ROUNDING_TOLERANCE;
        var ranked = candidates.stream()
                .sorted(Comparator.comparingLong((Node node) -> -rank(shard, node))
                        .thenComparing(Node::id))
                .toList();
        return ranked.stream()
                .filter(node -> loads.of(node) + weight <= bound)
                .findFirst()
                .or(() -> ranked.stream().min(Comparator.comparingDouble(loads::of)));
    }

    /// At least 0; the highest is chosen first.
    static long rank(ShardId shard, Node node) {
        long hash = ShardHash.mix64(shard.kind().ordinal() * 0x1_0000L + shard.index());
        String id = node.id();
        for (int i = 0; i < id.length(); i++) {
            hash = ShardHash.mix64(hash ^ id.charAt(i));
        }
        return hash >>> 1;
    }
}
