/// Placement: the watch on the shard map, and the registration by which a node is assigned shards.
///
/// Each stream to the coordinator has one thread, on which its callbacks, timers and listeners run. Without a
/// coordinator everything goes on: the last map remains, and a node keeps its shards.
@NullMarked
package dev.guildcast.shard.coordination;

import org.jspecify.annotations.NullMarked;
