/// Shard logs, checkpoints and sends on Kafka.
///
/// Groups of logs share a consumer and its thread. Each incarnation has an idempotent producer, and a transactional one
/// with a thread of its own; callbacks run on the shard's loop.
@NullMarked
package dev.guildcast.shard.kafka;

import org.jspecify.annotations.NullMarked;
