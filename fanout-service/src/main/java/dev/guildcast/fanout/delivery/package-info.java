/// What sessions are sent: records for session shards, whole guilds and member chunks as text, and the presences that
/// are filled in at the last moment.
///
/// On the loop of the guild's shard, but for the calls to the presence service.
@NullMarked
package dev.guildcast.fanout.delivery;

import org.jspecify.annotations.NullMarked;
