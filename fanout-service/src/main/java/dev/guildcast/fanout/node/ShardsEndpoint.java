package dev.guildcast.fanout.node;

import dev.guildcast.shard.ShardStatus;
import dev.guildcast.shard.node.ServiceNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.stereotype.Component;

/// `/actuator/shards`: the status of this node's shards.
@Component
@Endpoint(id = "shards")
class ShardsEndpoint {
    private final ServiceNode node;

    ShardsEndpoint(ServiceNode node) {
        this.node = node;
    }

    @ReadOperation
    Shards shards() {
        return new Shards(node.statuses().stream().map(Entry::of).toList());
    }

    /// @param shards by kind and index
    record Shards(List<Entry> shards) {}

    record Entry(
            String shard,
            String role,
            long epoch,
            long position,
            long lagMillis,
            boolean live,
            long cpuMicros,
            long checkpointAgeMillis,
            int outbox,
            @Nullable String stopReason) {
        static Entry of(ShardStatus status) {
            return new Entry(
                    status.shard().toString(),
                    status.role().name(),
                    status.epoch(),
                    status.position(),
                    status.lagMillis(),
                    status.live(),
                    status.cpuMicros(),
                    status.checkpointAgeMillis(),
                    status.outbox(),
                    status.stopReason());
        }
    }
}
