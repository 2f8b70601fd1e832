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

/// Which shards should move because the spread is bad, because they are pinned, or because nodes set aside for them
/// have come.
///
/// Nothing moves while every node bears between 1/`loadBound` and `loadBound` times the mean. Otherwise shards go from
/// the fullest to the emptiest node as long as each move narrows the gap between the two by enough for its weight:
/// many light shards may fill an empty node one by one, but a heavy one does not just take the problem along.
public final class RebalancePlan {
    private final PlacementPolicy policy;
    private final PlacementProperties properties;

    public RebalancePlan(PlacementPolicy policy, PlacementProperties properties) {
        this.policy = policy;
        this.properties = properties;
    }

    /// @param movable which shards may be moved for the spread's sake
    public List<Move> moves(
            Collection<Shard> shards, Candidates candidates, ShardWeights weights, Predicate<ShardId> movable) {
        var draft = new Draft(
                new MoveBudget(shards, properties.movesPerNode()), new NodeLoads(shards, weights), new ArrayList<>());
        var groups = new LinkedHashMap<List<Node>, List<Shard>>();
        for (var shard : shards) {
            if (shard.owner() == null || shard.isMoving()) {
                continue;
            }
            var able = candidates.of(shard.id());
            if (!placed(shard, able, candidates, draft)) {
                groups.computeIfAbsent(able, key -> new ArrayList<>()).add(shard);
            }
        }
        groups.forEach((nodes, members) -> spread(
                nodes,
                members.stream().filter(shard -> movable.test(shard.id())).toList(),
                draft));
        return draft.moves;
    }

    /// Whether the shard's place is settled by more than the spread: a pin, or nodes that it does not belong on.
    private boolean placed(Shard shard, List<Node> able, Candidates candidates, Draft draft) {
        var pin = shard.pinned();
        if (pin != null) {
            var pinned = candidates.nodes().stream()
                    .filter(node -> node.id().equals(pin) && node.canOwn(shard.id()))
                    .findFirst();
            if (pinned.isPresent()) {
                if (!shard.isOwnedBy(pin)) {
                    draft.moveIfAllowed(shard, pinned.get());
                }
                return true;
            }
        }
        boolean misplaced = able.stream().noneMatch(node -> shard.isOwnedBy(node.id()))
                // A node that drains is the drain plan's.
                && candidates.nodes().stream().anyMatch(node -> shard.isOwnedBy(node.id()));
        if (misplaced) {
            policy.choose(shard.id(), able, draft.loads).ifPresent(node -> draft.moveIfAllowed(shard, node));
        }
        return misplaced;
    }

    private void spread(List<Node> nodes, List<Shard> members, Draft draft) {
        var left = new ArrayList<>(members);
        while (nodes.size() > 1 && isUneven(nodes, draft.loads)) {
            var found = best(nodes, left, draft);
            if (found == null) {
                return;
            }
            left.removeIf(shard -> shard.id().equals(found.shard()));
            draft.add(found);
        }
    }

    private boolean isUneven(List<Node> nodes, NodeLoads loads) {
        double mean = loads.mean(nodes);
        return nodes.stream()
                .anyMatch(node -> loads.of(node) > mean * properties.loadBound()
                        || loads.of(node) < mean / properties.loadBound());
    }

    /// The first pair of a full and an empty node between which some shard's move helps enough.
    private @Nullable Move best(List<Node> nodes, List<Shard> shards, Draft draft) {
        var byLoad = nodes.stream()
                .sorted(Comparator.comparingDouble(draft.loads::of).thenComparing(Node::id))
                .toList();
        for (var from : byLoad.reversed()) {
            if (!draft.budget.allows(from.id())) {
                continue;
            }
            for (var to : byLoad) {
                double gap = draft.loads.of(from) - draft.loads.of(to);
                if (gap <= 0) {
                    break;
                }
                if (!draft.budget.allows(to.id())) {
                    continue;
                }
                var chosen = shards.stream()
                        .filter(shard -> shard.isOwnedBy(from.id()) && narrows(gap, draft.loads.weight(shard.id())))
                        .min(Comparator.comparingDouble(
                                        (Shard shard) -> Math.abs(gap - 2 * draft.loads.weight(shard.id())))
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
        // At best a move narrows the gap by twice the shard's weight, whatever the gap.
        return gap - Math.abs(gap - 2 * weight) >= 2 * weight * properties.improvement();
    }

    private record Draft(MoveBudget budget, NodeLoads loads, List<Move> moves) {
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
