package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The load of each node, updated with planned moves; working state of one plan.
public final class NodeLoads {
    private final Map<String, Double> loads = new HashMap<>();
    private final ShardWeights weights;

    /// A moving shard counts for its target.
    public NodeLoads(Collection<Shard> shards, ShardWeights weights) {
        this.weights = weights;
        for (var shard : shards) {
            var node = shard.assignedNode();
            if (node != null) {
                loads.merge(node, weights.of(shard.id()), Double::sum);
            }
        }
    }

    public double of(Node node) {
        return loads.getOrDefault(node.id(), 0.0);
    }

    double weight(ShardId shard) {
        return weights.of(shard);
    }

    double mean(List<Node> nodes) {
        return nodes.stream().mapToDouble(this::of).sum() / nodes.size();
    }

    public void add(String node, ShardId shard) {
        loads.merge(node, weights.of(shard), Double::sum);
    }

    public void remove(String node, ShardId shard) {
        loads.merge(node, -weights.of(shard), Double::sum);
    }
}
