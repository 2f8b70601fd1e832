/// Builds the JSON of events from a guild's view: entities, derived events and GUILD_CREATE.
///
/// On the loop of the guild's shard.
@NullMarked
package dev.guildcast.fanout.payload;

import org.jspecify.annotations.NullMarked;
