package dev.guildcast.gateway.link;

/// Receives the events of a connection's session. Called on the connection's event loop.
public interface SessionListener {
    /// The next dispatch. Sequences are consecutive: no gap, no duplicate.
    void onDispatch(SharedDispatch dispatch, int sequence);

    /// The first dispatch of a new session, READY, has been passed on.
    void onReady();

    /// The replay of a resumed session is complete.
    ///
    /// @param sequence of the last dispatch passed on
    void onResumed(int sequence);

    /// The session does not exist, or no longer. No event follows.
    void onInvalid();

    /// Another connection has attached to the session. No event follows.
    void onSuperseded();

    /// The host has rejected the request with a close code. No event follows.
    void onRefused(int closeCode);

    /// No owner has answered an Identify or Resume in time. No event follows.
    void onUnanswered();

    /// A live session has been without an owner, or its owner has been unreachable, for too long: the client should
    /// reconnect.
    void onOwnerMissing();

    /// The handling of an event of this session has thrown: what its client has received is unknown, so that it must be
    /// closed, and then resumes. The session is kept. No event follows.
    void onFailed();
}
