/// Settings that all services of an installation share: Kafka, the numbers of shards, the coordinator, this process.
///
/// Values only: bound once when a process starts, and readable on any thread.
@NullMarked
package dev.guildcast.shard.installation;

import org.jspecify.annotations.NullMarked;
