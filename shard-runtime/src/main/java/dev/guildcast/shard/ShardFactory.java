package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Creates a new definition, with an empty machine, for each incarnation of a shard.
@FunctionalInterface
public interface ShardFactory {
    ShardDefinition<?, ?> create(ShardId shard);
}
