/// A node's two lines to the coordinator: the watch on the shard map, and the registration that tells it what to own.
///
/// Each line has one thread of its own, on which its stream's callbacks, its timers and its listeners run. Losing the
/// coordinator stops nothing: the last map stands, and a node keeps what it owns.
@NullMarked
package dev.guildcast.shard.coordination;

import org.jspecify.annotations.NullMarked;
