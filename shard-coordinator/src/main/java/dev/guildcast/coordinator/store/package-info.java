/// What has been decided, kept in a compacted topic; and who may decide next.
///
/// Following and election have a thread each; a [Tenure] is used by the replica's loop, which it may block for as long
/// as Kafka takes, within stated limits.
@NullMarked
package dev.guildcast.coordinator.store;

import org.jspecify.annotations.NullMarked;
