/// Handling of client messages, and authentication from Hello to READY or RESUMED.
///
/// Handlers run on the connection's event loop; the results of limiters and token verifiers arrive on other threads and
/// are passed back to it.
@NullMarked
package dev.guildcast.gateway.handshake;

import org.jspecify.annotations.NullMarked;
