package dev.guildcast.gateway.link;

/// What a connection hears about its session. Each is called on the connection's loop.
public interface SessionEvents {
    /// The next dispatch: sequences follow one another without gap or repeat.
    void dispatch(SharedDispatch dispatch, int sequence);

    /// The first dispatch of a new session has been given.
    void ready();

    /// Everything missed has been given.
    ///
    /// @param sequence of the dispatch before
    void resumed(int sequence);

    /// There is no such session, or no longer. Nothing follows.
    void invalid();

    /// Another connection has taken the session. Nothing follows.
    void superseded();

    /// The host refuses with a close code. Nothing follows.
    void refused(int closeCode);

    /// No owner answered an Identify or Resume in time. Nothing follows.
    void unanswered();

    /// A live session has been without an owner for too long: the client had better come again.
    void ownerMissing();
}
