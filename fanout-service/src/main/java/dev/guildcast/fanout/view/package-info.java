/// The state of a guild as its log defines it: roles, channels, members, voice states and lists.
///
/// Entities are immutable values that hold their JSON as text by field, so that a guild is written without parsing. All
/// of it belongs to one shard's loop.
@NullMarked
package dev.guildcast.fanout.view;

import org.jspecify.annotations.NullMarked;
