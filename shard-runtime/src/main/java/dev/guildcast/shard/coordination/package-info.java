/// A node's two streams to the coordinator: the watch on the shard map, and the registration, which assigns shards.
///
/// Each stream has one thread, on which its callbacks, timers and listeners run. Without a coordinator everything goes
/// on: the last map remains, and a node keeps its shards.
@NullMarked
package dev.guildcast.shard.coordination;

import org.jspecify.annotations.NullMarked;
