package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which shards should move because the load is unbalanced, because they are pinned, or because nodes reserved for them
/// have joined.
///
/// Nothing moves while every node has between 1/`loadBound` and `loadBound` times the mean load. Otherwise shards move
/// from the fullest to the emptiest node as long as each move narrows the gap between the two by enough for its weight:
/// many light shards may fill an empty node one by one, but a heavy one does not just move the problem.
public final class RebalancePlanner {
    private final PlacementPolicy policy;
    private final PlacementProperties properties;

    public RebalancePlanner(PlacementPolicy policy, PlacementProperties properties) {
        this.policy = policy;
        this.properties = properties;
    }

    /// @param movable which shards may be moved for balance
    public List<Move> moves(
            Collection<Shard> shards, Candidates candidates, ShardWeights weights, Predicate<ShardId> movable) {
        var builder = new PlanBuilder(
                new MoveBudget(shards, properties.movesPerNode()), new NodeLoads(shards, weights), new ArrayList<>());
        var groups = new LinkedHashMap<List<Node>, List<Shard>>();
        for (var shard : shards) {
            if (shard.owner() == null || shard.isMoving()) {
                continue;
            }
            var eligible = candidates.eligibleFor(shard.id());
            if (!moveIfConstrained(shard, eligible, candidates, builder)) {
                groups.computeIfAbsent(eligible, key -> new ArrayList<>()).add(shard);
            }
        }
        groups.forEach((nodes, members) -> balance(
                nodes,
                members.stream().filter(shard -> movable.test(shard.id())).toList(),
                builder));
        return builder.moves;
    }

    /// Whether something other than balance decides the shard's node: a pin, or an owner that is not eligible.
    private boolean moveIfConstrained(Shard shard, List<Node> eligible, Candidates candidates, PlanBuilder builder) {
        var pin = shard.pinned();
        if (pin != null) {
            var pinned = candidates.nodes().stream()
                    .filter(node -> node.id().equals(pin) && node.canOwn(shard.id()))
                    .findFirst();
            if (pinned.isPresent()) {
                if (!shard.isOwnedBy(pin)) {
                    builder.moveIfAllowed(shard, pinned.get());
                }
                return true;
            }
        }
        boolean misplaced = eligible.stream().noneMatch(node -> shard.isOwnedBy(node.id()))
                // Draining nodes are left to the drain plan.
                && candidates.nodes().stream().anyMatch(node -> shard.isOwnedBy(node.id()));
        if (misplaced) {
            policy.choose(shard.id(), eligible, builder.loads).ifPresent(node -> builder.moveIfAllowed(shard, node));
        }
        return misplaced;
    }

    private void balance(List<Node> nodes, List<Shard> members, PlanBuilder builder) {
        var remaining = new ArrayList<>(members);
        while (nodes.size() > 1 && isUneven(nodes, builder.loads)) {
            var move = bestMove(nodes, remaining, builder);
            if (move == null) {
                return;
            }
            remaining.removeIf(shard -> shard.id().equals(move.shard()));
            builder.add(move);
        }
    }

    private boolean isUneven(List<Node> nodes, NodeLoads loads) {
        double mean = loads.mean(nodes);
        return nodes.stream()
                .anyMatch(node -> loads.of(node) > mean * properties.loadBound()
                        || loads.of(node) < mean / properties.loadBound());
    }

    /// The best move of the first pair of a full and an empty node between which a move improves enough.
    private @Nullable Move bestMove(List<Node> nodes, List<Shard> shards, PlanBuilder builder) {
        var byLoad = nodes.stream()
                .sorted(Comparator.comparingDouble(builder.loads::of).thenComparing(Node::id))
                .toList();
        for (var from : byLoad.reversed()) {
            if (!builder.budget.allows(from.id())) {
                continue;
            }
            for (var to : byLoad) {
                double gap = builder.loads.of(from) - builder.loads.of(to);
                if (gap <= 0) {
                    break;
                }
                if (!builder.budget.allows(to.id())) {
                    continue;
                }
                var chosen = shards.stream()
                        .filter(shard -> shard.isOwnedBy(from.id()) && narrows(gap, builder.loads.weight(shard.id())))
                        .min(Comparator.comparingDouble(
                                        (Shard shard) -> Math.abs(gap - 2 * builder.loads.weight(shard.id())))
                                .thenComparing((Shard shard) -> -RendezvousPlacement.rank(shard.id(), to))
                                .thenComparing(Shard::id));
                if (chosen.isPresent()) {
                    return new Move(chosen.get().id(), from.id(), to.id());
                }
            }
        }
        return null;
    }

    private boolean narrows(double gap, double weight) {
        // At best a move narrows the gap by twice the shard's weight.
        return gap - Math.abs(gap - 2 * weight) >= 2 * weight * properties.improvement();
    }

    private record PlanBuilder(MoveBudget budget, NodeLoads loads, List<Move> moves) {
        void moveIfAllowed(Shard shard, Node to) {
            var from = shard.owner();
            if (from != null && budget.allows(from) && budget.allows(to.id())) {
                add(new Move(shard.id(), from, to.id()));
            }
        }

        void add(Move move) {
            moves.add(move);
            budget.spend(move);
            loads.remove(move.from(), move.shard());
            loads.add(move.to(), move.shard());
        }
    }
}
