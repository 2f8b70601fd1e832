/// What waits to be written to a socket, and what happens to a client that does not read. All of it runs on the
/// connection's event loop.
@NullMarked
package dev.guildcast.gateway.outbound;

import org.jspecify.annotations.NullMarked;
