/// Applies mutations to one guild's view, and emits the events that follow from them: single changes, lists, threads,
/// voice states and guild snapshots.
///
/// On the loop of the guild's shard.
@NullMarked
package dev.guildcast.fanout.change;

import org.jspecify.annotations.NullMarked;
