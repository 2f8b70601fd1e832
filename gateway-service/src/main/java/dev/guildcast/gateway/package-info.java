/// Sockets of clients, and nothing else: the gateway owns connections and holds no session.
///
/// A connection lives on one event loop; everything about it happens there. Frames come in through `socket`, `codec`,
/// `handshake` or `command`, events go out through `link`, `outbound`, `codec`, `socket`.
@NullMarked
package dev.guildcast.gateway;

import org.jspecify.annotations.NullMarked;
