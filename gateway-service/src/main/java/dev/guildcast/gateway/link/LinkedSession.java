package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Command;

/// One connection's hold on a session. Only on the connection's loop.
public interface LinkedSession {
    /// As clients know it; empty until the session has been opened.
    String sessionId();

    /// Sends a command once the session is live, and again after every change of owner until it stands in the log.
    ///
    /// @return false when too many wait; the command is dropped
    boolean command(Command.Builder command);

    /// The connection is gone. No event follows.
    ///
    /// @param end the session goes with it
    void detach(boolean end);

    /// Stop pushing: the client does not read. Its place is kept.
    void park();

    /// Push again, from the last sequence forwarded.
    void unpark();
}
