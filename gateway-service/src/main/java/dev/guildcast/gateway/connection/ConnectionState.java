package dev.guildcast.gateway.connection;

/// The stages of a connection, from its upgrade to its close.
public enum ConnectionState {
    /// No Identify or Resume was received yet, or the last one was rejected with op 9.
    CONNECTED,
    /// An Identify or Resume is being verified, or its op 9 is delayed.
    AUTHENTICATING,
    /// A request to open or attach the session was sent to its host.
    ATTACHING,
    /// READY or RESUMED has been sent.
    LIVE,
    CLOSED
}
