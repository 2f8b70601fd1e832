package dev.guildcast.coordinator.placement;

import dev.guildcast.contract.ShardId;

/// A planned move of a shard from its owner to another node.
public record Move(ShardId shard, String from, String to) {}
