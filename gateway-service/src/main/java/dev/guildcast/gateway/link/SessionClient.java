package dev.guildcast.gateway.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.loop.Loop;

/// Opens sessions and attaches to them at whichever host owns their shard, and stays attached while owners change.
///
/// Called on the connection's event loop; [SessionListener] is called on the same loop, never before the call has
/// returned.
public interface SessionClient {
    /// Opens a new session.
    ///
    /// @param open everything but nonce and random, which the host sets, and the request and attach ids
    SessionHandle identify(Open.Builder open, Loop loop, SessionListener listener);

    /// Attaches to an existing session.
    SessionHandle resume(ResumeRequest request, Loop loop, SessionListener listener);

    /// A client's Resume.
    ///
    /// @param sequence the last that the client has; at least 1
    /// @param version protocol version of the connection, which must be the session's
    /// @param encoding of the connection, which must be the session's
    record ResumeRequest(SessionId id, long userId, int sequence, int version, String encoding) {}
}
