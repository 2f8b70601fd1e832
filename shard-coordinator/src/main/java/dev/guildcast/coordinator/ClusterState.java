package dev.guildcast.coordinator;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The result of all decisions so far: a value, sorted so that every reader iterates in the same order.
///
/// @param revision of the last decision; 0 before the first
/// @param leader who made it; null before the first
/// @param topology of the installation; null before the first decision
/// @param topicsReady whether every topic exists as planned
public record ClusterState(
        long revision,
        @Nullable Leader leader,
        @Nullable Topology topology,
        boolean topicsReady,
        SortedMap<ShardId, Shard> shards,
        SortedMap<String, Node> nodes) {
    public static final ClusterState EMPTY =
            new ClusterState(0, null, null, false, Collections.emptySortedMap(), Collections.emptySortedMap());

    /// The state after this decision.
    public ClusterState with(Decision decision) {
        var nextShards = new TreeMap<>(shards);
        decision.shards().forEach(shard -> nextShards.put(shard.id(), shard));
        var nextNodes = new TreeMap<>(nodes);
        decision.goneNodes().forEach(nextNodes::remove);
        decision.nodes().forEach(node -> nextNodes.put(node.id(), node));
        return new ClusterState(
                decision.revision(),
                decision.leader(),
                decision.topology(),
                decision.topicsReady(),
                Collections.unmodifiableSortedMap(nextShards),
                Collections.unmodifiableSortedMap(nextNodes));
    }

    /// The shard; a fresh one if there is no decision about it yet.
    public Shard shard(ShardId id) {
        var known = shards.get(id);
        return known != null ? known : Shard.fresh(id);
    }
}
