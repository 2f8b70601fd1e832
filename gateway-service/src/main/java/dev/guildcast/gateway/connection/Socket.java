package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.protocol.CloseCode;

/// The transport of a connection. Everything specific to WebSocket is behind it, so that the frame layer can be
/// replaced.
///
/// Called on the connection's loop only.
public interface Socket {
    /// Writes what is in the connection's outbound queue, as far as the transport takes it.
    void flush();

    /// Closes the socket once everything queued has been written, or after the close timeout.
    void close(CloseCode code);
}
