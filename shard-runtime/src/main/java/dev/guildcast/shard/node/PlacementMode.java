package dev.guildcast.shard.node;

/// Who decides which shards a node owns.
public enum PlacementMode {
    /// The coordinator; while it is unavailable the node keeps its shards.
    COORDINATOR,
    /// The node's own configuration, for a single node without a coordinator.
    STATIC
}
