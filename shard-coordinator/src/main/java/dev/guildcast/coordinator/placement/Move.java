package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;

/// A shard that is to go from one node that works to another.
public record Move(ShardId shard, String from, String to) {}
