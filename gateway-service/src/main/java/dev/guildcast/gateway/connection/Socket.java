package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.gateway.protocol.CloseCode;

/// The transport of a connection, with the frames that it has not written yet. Everything specific to WebSocket is
/// behind it, so that the frame layer can be replaced.
///
/// Called on the connection's loop only, except where a method allows any thread.
public interface Socket {
    /// The event loop that owns the socket and its connection. From any thread.
    Loop loop();

    /// Queues a frame behind those that are queued, and writes as many as the transport takes.
    void write(Frame frame);

    /// Total length of the frames that the transport has not taken.
    long heldBytes();

    /// Drops the frames that the transport has not taken.
    void discardQueued();

    /// Closes the socket once everything queued has been written, or after the close timeout.
    void close(CloseCode code);

    /// Receives the events of a socket. Called on the connection's loop.
    interface Listener {
        /// The transport has taken queued frames.
        void onFramesDequeued();

        /// The gateway's close frame is about to be written; no frame follows it.
        void onCloseSent();
    }
}
