package dev.guildcast.coordinator.director;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.ClusterState;
import dev.guildcast.coordinator.Decision;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.Shard;
import dev.guildcast.shard.v1.Directive;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The pending change of one event, built step by step on a copy; the state before it is not modified.
final class ClusterChange {
    private final ClusterState before;
    private final SortedMap<ShardId, Shard> shards;
    private final SortedMap<String, Node> nodes;
    private final Set<ShardId> dirtyShards = new TreeSet<>();
    private final Set<String> dirtyNodes = new TreeSet<>();
    private final Set<PendingDirective> directives = new LinkedHashSet<>();

    ClusterChange(ClusterState before, Topology topology) {
        this.before = before;
        this.shards = new TreeMap<>(before.shards());
        this.nodes = new TreeMap<>(before.nodes());
        topology.shards().forEach(id -> shards.computeIfAbsent(id, Shard::fresh));
    }

    /// Every shard of the installation, in order.
    List<Shard> shards() {
        return List.copyOf(shards.values());
    }

    /// Null if the topology has no such shard.
    @Nullable
    Shard find(ShardId id) {
        return shards.get(id);
    }

    Shard shard(ShardId id) {
        return Objects.requireNonNull(shards.get(id));
    }

    SortedMap<String, Node> nodes() {
        return nodes;
    }

    Collection<Node> allNodes() {
        return nodes.values();
    }

    void put(Shard shard) {
        if (!shard.equals(shards.put(shard.id(), shard))) {
            dirtyShards.add(shard.id());
        }
    }

    void put(Node node) {
        if (!node.equals(nodes.put(node.id(), node))) {
            dirtyNodes.add(node.id());
        }
    }

    void removeNode(String id) {
        if (nodes.remove(id) != null) {
            dirtyNodes.add(id);
        }
    }

    void follow(String node, ShardId shard) {
        directives.add(new PendingDirective(node, shard, Directive.Action.FOLLOW, 0));
    }

    void claim(String node, ShardId shard, long epoch) {
        directives.add(new PendingDirective(node, shard, Directive.Action.CLAIM, epoch));
    }

    void release(String node, ShardId shard) {
        directives.add(new PendingDirective(node, shard, Directive.Action.RELEASE, 0));
    }

    /// Includes every shard in the decision that is not in the state yet.
    void includeAllShards() {
        dirtyShards.addAll(shards.keySet());
    }

    List<PendingDirective> directives() {
        return List.copyOf(directives);
    }

    /// The decision has only what differs from the state before.
    Decision toDecision(Leader leader, Topology topology, boolean topicsReady) {
        var changedShards = new ArrayList<Shard>();
        for (var id : dirtyShards) {
            var shard = shard(id);
            if (!shard.equals(before.shards().get(id))) {
                changedShards.add(shard);
            }
        }
        var changedNodes = new ArrayList<Node>();
        var goneNodes = new TreeSet<String>();
        for (var id : dirtyNodes) {
            var node = nodes.get(id);
            if (node == null) {
                if (before.nodes().containsKey(id)) {
                    goneNodes.add(id);
                }
            } else if (!node.equals(before.nodes().get(id))) {
                changedNodes.add(node);
            }
        }
        return new Decision(
                before.revision() + 1, leader, topology, topicsReady, changedShards, changedNodes, goneNodes);
    }
}
