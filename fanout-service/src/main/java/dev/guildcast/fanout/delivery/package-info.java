/// Turns events and their audience into records for session shards: batching, event emission, membership and member
/// chunks, and which events of the ephemeral lane are delivered.
///
/// On the loop of the guild's shard.
@NullMarked
package dev.guildcast.fanout.delivery;

import org.jspecify.annotations.NullMarked;
