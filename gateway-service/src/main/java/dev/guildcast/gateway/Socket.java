package dev.guildcast.gateway;

import dev.guildcast.gateway.protocol.CloseCode;

/// The wire below a connection. All that is WebSocket lies behind it, so that another frame layer may take its place.
///
/// Called on the connection's loop only.
public interface Socket {
    /// There may be something in the connection's outbound queue.
    void flush();

    /// Ends the connection once what is queued has been written, or when the close time-out is over.
    void close(CloseCode code);
}
