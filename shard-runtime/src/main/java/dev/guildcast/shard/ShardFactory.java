package dev.guildcast.shard;

import dev.guildcast.contract.ShardId;

/// Makes a fresh, empty definition for each incarnation of a shard.
@FunctionalInterface
public interface ShardFactory {
    ShardDefinition<?> create(ShardId shard);
}
