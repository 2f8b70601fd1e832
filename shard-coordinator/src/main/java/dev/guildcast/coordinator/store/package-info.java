/// The decisions, stored in a compacted topic, and the election of the leader that makes them.
///
/// Following and election have a thread each; a [LeaderStore] is used by the replica's loop, which it may block for as
/// long as Kafka takes, at most `coordinator.store.patience`.
@NullMarked
package dev.guildcast.coordinator.store;

import org.jspecify.annotations.NullMarked;
