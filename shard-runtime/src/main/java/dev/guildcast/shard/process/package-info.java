/// One incarnation of a shard: restore, follow, claim, apply, emit, checkpoint.
///
/// Everything runs on the shard's own loop, one thread for each shard, unless a method says otherwise.
@NullMarked
package dev.guildcast.shard.process;

import org.jspecify.annotations.NullMarked;
