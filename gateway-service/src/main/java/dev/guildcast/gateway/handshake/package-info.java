/// From Hello to READY or RESUMED: who a client is, whether it may start a session now, and whether it still lives.
///
/// Handlers run on the connection's event loop; limiters and verifiers answer on their own threads and are brought
/// back.
@NullMarked
package dev.guildcast.gateway.handshake;

import org.jspecify.annotations.NullMarked;
