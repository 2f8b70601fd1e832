/// Reading what fan-out and the owner itself wrote into the session log, and refusing what makes no sense.
///
/// Stateless; called on the shard's loop.
@NullMarked
package dev.guildcast.session.delivery;

import org.jspecify.annotations.NullMarked;
