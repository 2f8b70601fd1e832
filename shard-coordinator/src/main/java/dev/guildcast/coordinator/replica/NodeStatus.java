package dev.guildcast.coordinator.replica;

import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.ShardReport;
import java.util.List;

/// What a node reports with each renewal.
///
/// @param shards all that it holds
/// @param leaving whether it wants no more shards
/// @param storageLost whether it has lost Kafka, so that it serves no shard
public record NodeStatus(List<ShardReport> shards, boolean leaving, boolean storageLost) {
    public NodeStatus {
        shards = List.copyOf(shards);
    }

    public static NodeStatus of(NodeReport report) {
        return new NodeStatus(report.getShardsList(), report.getLeaving(), report.getStorageLost());
    }
}
