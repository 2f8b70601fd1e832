package dev.guildcast.gateway.protocol;

/// What a client may do after a close, and whether its session is kept.
public enum AfterClose {
    /// The session is kept: the client may resume.
    RESUME(true),
    /// The session ends: the client has to identify again.
    IDENTIFY(false),
    /// There is no session, and the client must not reconnect.
    STOP(false);

    private final boolean sessionKept;

    AfterClose(boolean sessionKept) {
        this.sessionKept = sessionKept;
    }

    /// Whether the session outlives the connection.
    public boolean sessionKept() {
        return sessionKept;
    }
}
