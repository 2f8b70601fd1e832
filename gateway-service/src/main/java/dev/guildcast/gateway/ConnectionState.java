package dev.guildcast.gateway;

/// Where a connection stands.
public enum ConnectionState {
    /// No Identify or Resume yet, or the last was refused with op 9.
    CONNECTED,
    /// An Identify or Resume is being checked, or its op 9 held back.
    AUTHENTICATING,
    /// The session's host has been asked.
    ATTACHING,
    /// READY or RESUMED has been sent.
    LIVE,
    CLOSED
}
