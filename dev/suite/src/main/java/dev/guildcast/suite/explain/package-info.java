/// Queries the owner of a guild's shard for why a user does or does not see a channel. Blocks the calling thread.
@NullMarked
package dev.guildcast.suite.explain;

import org.jspecify.annotations.NullMarked;
