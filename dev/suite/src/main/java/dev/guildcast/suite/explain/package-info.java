/// Asks the owner of a guild's shard why a user does or does not see a channel.
@NullMarked
package dev.guildcast.suite.explain;

import org.jspecify.annotations.NullMarked;
