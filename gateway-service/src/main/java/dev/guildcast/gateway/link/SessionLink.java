package dev.guildcast.gateway.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.Loop;

/// Finds the session behind a connection, wherever its shard is owned, and keeps hold of it while owners change.
///
/// Called on the connection's loop; answers come to [SessionEvents] on the same loop, never before the call returned.
public interface SessionLink {
    /// A new session. `open` holds all but nonce, random, request and attach id.
    LinkedSession identify(Open.Builder open, Loop loop, SessionEvents events);

    /// A session that a client left.
    ///
    /// @param sequence the last that the client has; at least 1
    LinkedSession resume(SessionId id, long userId, int sequence, Loop loop, SessionEvents events);
}
