/// What is known of a guild: roles, channels, members, voice states and lists, as the guild's log tells it.
///
/// Entities are immutable values holding their JSON as text by field, so that a guild is shown without parsing. All of
/// it belongs to one shard's loop.
@NullMarked
package dev.guildcast.fanout.event;

import org.jspecify.annotations.NullMarked;
