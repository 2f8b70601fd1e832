package dev.guildcast.coordinator.endpoint;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Node;
import dev.guildcast.shard.v1.NodeEntry;

/// The nodes of a map snapshot, for operators.
final class NodeEntries {
    private NodeEntries() {}

    static NodeEntry of(Node node, ClusterState state) {
        var entry = NodeEntry.newBuilder()
                .setNodeId(node.id())
                .setAddress(node.address())
                .setAlive(true)
                .setDraining(node.draining())
                .setShards(ownedShardCount(node, state));
        node.kinds().stream().sorted().forEach(kind -> entry.addKinds(new ShardId(kind, 0).protoKind()));
        return entry.build();
    }

    static int ownedShardCount(Node node, ClusterState state) {
        return (int) state.shards().values().stream()
                .filter(shard -> shard.isOwnedBy(node.id()))
                .count();
    }
}
