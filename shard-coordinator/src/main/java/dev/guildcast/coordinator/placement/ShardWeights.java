package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;

/// How heavy a shard is, above zero; only the proportions matter.
@FunctionalInterface
public interface ShardWeights {
    /// Every shard alike.
    ShardWeights EQUAL = shard -> 1;

    double of(ShardId shard);
}
