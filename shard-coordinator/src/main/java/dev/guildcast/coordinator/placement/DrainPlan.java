package dev.guildcast.coordinator.placement;

import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which shards to move off draining nodes next. A shard without another candidate stays.
public final class DrainPlan {
    private final PlacementPolicy policy;
    private final int movesPerNode;

    public DrainPlan(PlacementPolicy policy, int movesPerNode) {
        this.policy = policy;
        this.movesPerNode = movesPerNode;
    }

    /// @param nodes all that are alive, by id
    public List<Move> moves(
            Collection<Shard> shards, Map<String, Node> nodes, Candidates candidates, ShardWeights weights) {
        var budget = new MoveBudget(shards, movesPerNode);
        var loads = new NodeLoads(shards, weights);
        var moves = new ArrayList<Move>();
        for (var shard : shards) {
            var from = shard.owner();
            if (from == null || shard.isMoving() || !isDraining(nodes.get(from)) || !budget.allows(from)) {
                continue;
            }
            var available = candidates.eligibleFor(shard.id()).stream()
                    .filter(node -> budget.allows(node.id()))
                    .toList();
            policy.choose(shard.id(), available, loads).ifPresent(to -> {
                var move = new Move(shard.id(), from, to.id());
                moves.add(move);
                budget.spend(move);
                loads.remove(from, shard.id());
                loads.add(to.id(), shard.id());
            });
        }
        return moves;
    }

    private static boolean isDraining(@Nullable Node node) {
        return node != null && node.draining();
    }
}
