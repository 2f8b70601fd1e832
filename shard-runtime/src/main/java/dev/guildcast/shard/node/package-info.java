/// The shards of one process: starts and stops their incarnations as the coordinator directs.
///
/// Directives come from the registration's thread; each shard has its own loop.
@NullMarked
package dev.guildcast.shard.node;

import org.jspecify.annotations.NullMarked;
