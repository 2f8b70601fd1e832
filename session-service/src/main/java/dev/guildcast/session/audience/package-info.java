/// Subscribes sessions to the events of guilds, and forwards requests that only a guild's shard can answer.
///
/// Runs on the shard's loop; what is emitted is sent by the live owner only.
@NullMarked
package dev.guildcast.session.audience;

import org.jspecify.annotations.NullMarked;
