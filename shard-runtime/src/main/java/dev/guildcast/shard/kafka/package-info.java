/// Shard logs, checkpoints and sends on Kafka.
///
/// Each incarnation has a consumer thread for its log, one for its ephemeral lane where it has one, an idempotent
/// producer, and a thread for its transactional one; callbacks come back to the shard's loop.
@NullMarked
package dev.guildcast.shard.kafka;

import org.jspecify.annotations.NullMarked;
