package dev.guildcast.coordinator.endpoint;

import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/// The map for operators, at `/actuator/shards`.
@Endpoint(id = "shards")
final class ShardsEndpoint {
    private final CoordinatorReplica replica;
    private final ShardMapPublisher publisher;

    ShardsEndpoint(CoordinatorReplica replica, ShardMapPublisher publisher) {
        this.replica = replica;
        this.publisher = publisher;
    }

    @ReadOperation
    View shards() {
        var state = publisher.state();
        return new View(
                state.revision(),
                replica.isLeading(),
                replica.leader().map(Leader::address).orElse(null),
                state.topicsReady(),
                state.nodes().values().stream()
                        .map(node -> new NodeView(
                                node.id(),
                                node.address(),
                                node.kinds().stream().sorted().map(Enum::name).toList(),
                                node.draining(),
                                NodeEntries.ownedShardCount(node, state)))
                        .toList(),
                state.shards().values().stream()
                        .map(shard -> new ShardView(
                                shard.id().toString(),
                                shard.phase().name(),
                                shard.owner(),
                                shard.ownerEpoch(),
                                shard.next(),
                                shard.pinned()))
                        .toList());
    }

    record View(
            long revision,
            boolean leading,
            @Nullable String leader,
            boolean topicsReady,
            List<NodeView> nodes,
            List<ShardView> shards) {}

    record NodeView(String id, String address, List<String> kinds, boolean draining, int shards) {}

    record ShardView(
            String shard,
            String phase,
            @Nullable String owner,
            long epoch,
            @Nullable String next,
            @Nullable String pinned) {}
}
