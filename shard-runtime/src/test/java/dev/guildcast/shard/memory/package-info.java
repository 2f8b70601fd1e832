/// Logs and checkpoints in memory, with the same guarantees as on Kafka, and a shard whose every step a caller decides.
///
/// [SimulatedShard] has no thread: a single-threaded simulator chooses what happens next, so that any run can be
/// repeated from its seed.
@NullMarked
package dev.guildcast.shard.memory;

import org.jspecify.annotations.NullMarked;
