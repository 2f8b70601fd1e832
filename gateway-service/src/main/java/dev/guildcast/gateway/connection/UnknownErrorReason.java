package dev.guildcast.gateway.connection;

import java.util.Locale;

/// Why a connection is closed with 4000. A client reads only "unknown error" and may resume; operators find the reason
/// in the counter of closes.
public enum UnknownErrorReason {
    /// No heartbeat was received in time.
    HEARTBEAT,
    /// The client was parked for longer than it may.
    SLOW_CONSUMER,
    /// The gateway drains, and the client has no session yet that it could resume.
    DRAINING,
    /// Another connection has attached to the session.
    SUPERSEDED,
    /// No owner of the session has answered a Resume in time.
    UNANSWERED,
    /// The token could not be verified, because the verifier is unavailable.
    TOKEN_VERIFIER,
    /// The limiter of session starts has failed, and its local fallback, too.
    IDENTIFY_LIMITER,
    /// The session host has rejected the request with 4000.
    SESSION_HOST,
    /// The gateway's handling of an event has thrown: a bug.
    FAILURE,
    /// None of the above, for instance a close code of a session host that this gateway does not know.
    UNKNOWN;

    /// The value of the metric's tag `reason`.
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
