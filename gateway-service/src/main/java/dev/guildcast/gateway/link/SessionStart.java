package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;

/// How a connection gets its session.
sealed interface SessionStart {
    /// A new session.
    record Identify(Open open) implements SessionStart {}

    /// An existing session, from the dispatch after the last one that the client has.
    record Resume(String sessionId, int lastSequence) implements SessionStart {}
}
