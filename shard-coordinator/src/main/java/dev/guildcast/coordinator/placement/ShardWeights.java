package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;

/// The weight of a shard, above zero; only the proportions matter.
@FunctionalInterface
public interface ShardWeights {
    /// The same weight for every shard.
    ShardWeights EQUAL = shard -> 1;

    double of(ShardId shard);
}
