/// A session shard: the state machine that applies the session log.
///
/// [SessionShard] is a deterministic function of checkpoint and records, run on the shard's loop. It knows no clock, no
/// connection and no network.
@NullMarked
package dev.guildcast.session.shard;

import org.jspecify.annotations.NullMarked;
