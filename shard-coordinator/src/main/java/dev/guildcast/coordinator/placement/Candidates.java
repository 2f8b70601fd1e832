package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Node;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// Which nodes may bear a shard: those of its kind, set aside for it where such exist.
///
/// @param topology tells dedicated shards from others
/// @param nodes alive and willing, in order of id
public record Candidates(Topology topology, List<Node> nodes) {
    /// @param nodes alive; those that drain are left out
    public static Candidates among(Topology topology, Collection<Node> nodes) {
        return new Candidates(
                topology, nodes.stream().filter(node -> !node.draining()).toList());
    }

    /// Dedicated shards go to nodes labelled so, and others to nodes that are not, as far as there are any.
    public List<Node> of(ShardId shard) {
        var able = nodes.stream().filter(node -> node.canOwn(shard)).toList();
        var preferred = isDedicated(shard)
                ? able.stream().filter(Node::isDedicated).toList()
                : able.stream().filter(Predicate.not(Node::isDedicated)).toList();
        return preferred.isEmpty() ? able : preferred;
    }

    private boolean isDedicated(ShardId shard) {
        return shard.kind() == ShardId.Kind.GUILD && shard.index() >= topology.guildShards();
    }
}
