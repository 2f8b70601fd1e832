/// The state machines of guild and user shards: they apply the records of their logs.
///
/// Deterministic, driven by the shard runtime on one loop thread per shard. Only presences and the ephemeral lane
/// depend on anything but the log.
@NullMarked
package dev.guildcast.fanout.shard;

import org.jspecify.annotations.NullMarked;
