/// Which node should own which shard: pure functions of shards, nodes and loads, with the same result in every replica.
///
/// Stateless but for [ShardLoads], which belongs to the leader's loop.
@NullMarked
package dev.guildcast.coordinator.placement;

import org.jspecify.annotations.NullMarked;
