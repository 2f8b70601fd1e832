package dev.guildcast.coordinator;

import dev.guildcast.contract.Topology;
import java.util.List;
import java.util.Set;

/// One atomic change of the cluster state: one transaction of the store, one revision of the map.
///
/// @param revision one above that of the state it changes
/// @param leader who decided
/// @param topology K, D, U and P of the installation, fixed by the first decision
/// @param topicsReady whether the leader has found or created every topic as planned
/// @param shards changed shards, complete
/// @param nodes new and changed nodes, complete
/// @param goneNodes ids of removed nodes
public record Decision(
        long revision,
        Leader leader,
        Topology topology,
        boolean topicsReady,
        List<Shard> shards,
        List<Node> nodes,
        Set<String> goneNodes) {
    public Decision {
        shards = List.copyOf(shards);
        nodes = List.copyOf(nodes);
        goneNodes = Set.copyOf(goneNodes);
    }

    public boolean isEmpty() {
        return shards.isEmpty() && nodes.isEmpty() && goneNodes.isEmpty();
    }
}
