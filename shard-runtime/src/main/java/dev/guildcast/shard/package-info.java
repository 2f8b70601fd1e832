/// Owning a log: restore, follow, claim, fence, checkpoint, emit. Written once for every kind of shard.
///
/// [ShardProcess] is single-threaded and deterministic: logs, clocks and producers are ports, so that a simulator runs
/// in one thread what production runs on Kafka with one loop thread a shard.
@NullMarked
package dev.guildcast.shard;

import org.jspecify.annotations.NullMarked;
