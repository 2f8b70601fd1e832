/// Reads and validates what fan-out and the owner itself wrote into the session log.
///
/// Stateless; called on the shard's loop.
@NullMarked
package dev.guildcast.session.delivery;

import org.jspecify.annotations.NullMarked;
