package dev.guildcast.session.attach;

import dev.guildcast.contract.SessionId;
import dev.guildcast.session.stream.ConnectionKey;
import dev.guildcast.session.stream.GatewayLink;

/// A connection's request for a session.
///
/// @param userId the user of the connection's token
/// @param sequence the last that the client has, as an unsigned number
record AttachRequest(ConnectionKey connection, SessionId id, long userId, long attachId, long sequence, Kind kind) {
    enum Kind {
        /// Identify: the session was opened for this connection.
        OPEN,
        /// A client's Resume whose RESUMED has not been sent.
        RESUME,
        /// READY or RESUMED has been sent; the connection continues on another host, or after its stream broke.
        FINISHED
    }

    /// Whether the connection continues an attach that the session must still have, instead of starting a new one.
    boolean continuesAttach() {
        return kind != Kind.RESUME;
    }

    GatewayLink link() {
        return connection.link();
    }

    long handle() {
        return connection.handle();
    }
}
