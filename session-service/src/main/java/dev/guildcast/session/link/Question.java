package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;

/// A connection asks for a session.
///
/// @param userId of the connection's token
/// @param sequence the last that the client has, as an unsigned number
record Question(GatewayLink link, long handle, SessionId id, long userId, long attachId, long sequence, Kind kind) {
    enum Kind {
        /// Identify: the session was opened for this connection.
        OPEN,
        /// A client's Resume whose RESUMED has not been sent.
        RESUME,
        /// READY or RESUMED has been sent; the connection goes on, on another host or after a break.
        FINISHED
    }

    /// Whether the session must be this connection's already.
    boolean settled() {
        return kind != Kind.RESUME;
    }

    Asker asker() {
        return new Asker(link, handle);
    }

    /// One connection on one stream.
    record Asker(GatewayLink link, long handle) {}
}
