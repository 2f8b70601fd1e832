/// One process as a node: its life cycle, and the shards that run in it as its registration directs.
///
/// Directives come from the registration's thread; each shard has its own loop.
@NullMarked
package dev.guildcast.shard.node;

import org.jspecify.annotations.NullMarked;
