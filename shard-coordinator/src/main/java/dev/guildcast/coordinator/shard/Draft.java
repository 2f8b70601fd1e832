package dev.guildcast.coordinator.shard;

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

/// What one event changes, while it is being thought out; the state before it stays as it is.
final class Draft {
    private final ClusterState before;
    private final SortedMap<ShardId, Shard> shards;
    private final SortedMap<String, Node> nodes;
    private final Set<ShardId> touchedShards = new TreeSet<>();
    private final Set<String> touchedNodes = new TreeSet<>();
    private final Set<Order> orders = new LinkedHashSet<>();

    Draft(ClusterState before, Topology topology) {
        this.before = before;
        this.shards = new TreeMap<>(before.shards());
        this.nodes = new TreeMap<>(before.nodes());
        topology.shards().forEach(id -> shards.computeIfAbsent(id, Shard::fresh));
    }

    /// Every shard of the installation, in order.
    List<Shard> shards() {
        return List.copyOf(shards.values());
    }

    /// Null if the installation has no such shard.
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
            touchedShards.add(shard.id());
        }
    }

    void put(Node node) {
        if (!node.equals(nodes.put(node.id(), node))) {
            touchedNodes.add(node.id());
        }
    }

    void removeNode(String id) {
        if (nodes.remove(id) != null) {
            touchedNodes.add(id);
        }
    }

    void follow(String node, ShardId shard) {
        orders.add(new Order(node, shard, Directive.Action.FOLLOW, 0));
    }

    void claim(String node, ShardId shard, long epoch) {
        orders.add(new Order(node, shard, Directive.Action.CLAIM, epoch));
    }

    void release(String node, ShardId shard) {
        orders.add(new Order(node, shard, Directive.Action.RELEASE, 0));
    }

    /// Keeps shards too that nothing has been decided about.
    void putAll() {
        touchedShards.addAll(shards.keySet());
    }

    List<Order> orders() {
        return List.copyOf(orders);
    }

    /// Only what differs from before is decided.
    Decision decision(Leader leader, Topology topology, boolean topicsReady) {
        var changed = new ArrayList<Shard>();
        for (var id : touchedShards) {
            var shard = shard(id);
            if (!shard.equals(before.shards().get(id))) {
                changed.add(shard);
            }
        }
        var come = new ArrayList<Node>();
        var gone = new TreeSet<String>();
        for (var id : touchedNodes) {
            var node = nodes.get(id);
            if (node == null) {
                if (before.nodes().containsKey(id)) {
                    gone.add(id);
                }
            } else if (!node.equals(before.nodes().get(id))) {
                come.add(node);
            }
        }
        return new Decision(before.revision() + 1, leader, topology, topicsReady, changed, come, gone);
    }
}
