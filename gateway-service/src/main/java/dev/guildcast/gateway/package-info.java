/// The gateway: it owns the WebSocket connections of clients; their sessions are owned by session hosts.
///
/// Each connection belongs to one event loop, and everything about it runs there. Inbound, a frame passes `socket`,
/// `codec`, and `handshake` or `command`; outbound, a dispatch passes `link`, `connection`, `codec` and `socket`.
@NullMarked
package dev.guildcast.gateway;

import org.jspecify.annotations.NullMarked;
