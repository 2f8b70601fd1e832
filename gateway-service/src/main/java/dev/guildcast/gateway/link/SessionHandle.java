package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Command;

/// A connection's handle of its session. Called on the connection's event loop only.
public interface SessionHandle {
    /// The `session_id` of READY; empty until the session has been opened.
    String sessionId();

    /// Sends a command as soon as the session is live, and again after each change of owner until it is acknowledged,
    /// which means that it is in the session's log.
    ///
    /// @return false when too many are unacknowledged; the command is dropped
    boolean sendCommand(Command.Builder command);

    /// The connection has ended. No event follows.
    ///
    /// @param endSession whether the session ends with it
    void detach(boolean endSession);

    /// Stops the push because the client does not read. The session keeps its position.
    void park();

    /// Resumes the push after the last sequence forwarded.
    void unpark();
}
