package dev.guildcast.session.node;

import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.shard.node.ServiceNode;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/// `/actuator/shards`: the session shards of this process, as of at most 100 ms ago.
@Endpoint(id = "shards")
public final class ShardsEndpoint {
    private final ServiceNode node;
    private final HostedShardRegistry hostedShards;

    ShardsEndpoint(ServiceNode node, HostedShardRegistry hostedShards) {
        this.node = node;
        this.hostedShards = hostedShards;
    }

    @ReadOperation
    public Shards shards() {
        return new Shards(node.statuses().stream()
                .map(status -> new Shard(
                        status.shard().toString(),
                        status.role().name(),
                        status.live(),
                        status.epoch(),
                        status.position(),
                        status.lagMillis(),
                        status.checkpointAgeMillis(),
                        status.outbox(),
                        hostedShards.sessions(status.shard().index())))
                .toList());
    }

    public record Shards(List<Shard> shards) {}

    /// @param position offset of the next record to be applied
    /// @param lagMillis age of the newest record not applied yet; 0 at the end of the log
    /// @param outbox records staged for, or being sent to, guild shards
    public record Shard(
            String shard,
            String role,
            boolean live,
            long epoch,
            long position,
            long lagMillis,
            long checkpointAgeMillis,
            int outbox,
            int sessions) {}
}
