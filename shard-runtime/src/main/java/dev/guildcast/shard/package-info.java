/// Owning a log: restore, follow, claim, fence, checkpoint, emit. Written once for every kind of shard.
///
/// The incarnation of a shard in `process` is single-threaded and deterministic: logs, clocks and producers are ports,
/// so that a simulator runs in one thread the code that production runs on Kafka with one loop thread per shard.
@NullMarked
package dev.guildcast.shard;

import org.jspecify.annotations.NullMarked;
