package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.Node;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// The nodes that may own a shard: those of its kind, reserved for it if there are any.
///
/// @param topology distinguishes dedicated shards from others
/// @param nodes alive and available, in order of id
public record Candidates(Topology topology, List<Node> nodes) {
    /// @param nodes alive; draining ones are left out
    public static Candidates among(Topology topology, Collection<Node> nodes) {
        return new Candidates(
                topology, nodes.stream().filter(node -> !node.draining()).toList());
    }

    /// Dedicated shards go to nodes with that label, and others to nodes without it, if there are any.
    public List<Node> eligibleFor(ShardId shard) {
        var eligible = nodes.stream().filter(node -> node.canOwn(shard)).toList();
        var preferred = isDedicated(shard)
                ? eligible.stream().filter(Node::isDedicated).toList()
                : eligible.stream().filter(Predicate.not(Node::isDedicated)).toList();
        return preferred.isEmpty() ? eligible : preferred;
    }

    private boolean isDedicated(ShardId shard) {
        return shard.kind() == ShardId.Kind.GUILD && shard.index() >= topology.guildShards();
    }
}
