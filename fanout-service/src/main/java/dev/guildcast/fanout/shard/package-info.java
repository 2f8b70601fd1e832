/// The machines of guild and user shards: what each record of their logs means.
///
/// Pure and deterministic, driven by the shard runtime on one loop thread a shard; only what shows presence, and the
/// droppable lane, knows of anything but the log.
@NullMarked
package dev.guildcast.fanout.shard;

import org.jspecify.annotations.NullMarked;
