/// Rate limits of connections, session starts and commands, with adapters for Redis and for this node alone.
///
/// Window limiters belong to one connection and its event loop; the others are safe for use from any thread.
@NullMarked
package dev.guildcast.gateway.limit;

import org.jspecify.annotations.NullMarked;
