package dev.guildcast.gateway.protocol;

/// What a close means for the session behind the connection, and for the client.
public enum AfterClose {
    /// The session stays: the client may resume.
    RESUME(true),
    /// The session is over: the client identifies anew.
    IDENTIFY(false),
    /// There is no session, and trying again cannot help.
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
