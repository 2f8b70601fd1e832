package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;

/// How a connection gets its session.
sealed interface SessionStart {
    /// The session id that the connection starts with; empty: the host assigns it.
    String sessionId();

    /// The last sequence that the client has; 0: none.
    int lastSequence();

    /// Whether the connection opens the session: then READY establishes it, otherwise RESUMED.
    default boolean isNew() {
        return this instanceof IdentifyStart;
    }

    /// A new session.
    record IdentifyStart(Open open) implements SessionStart {
        @Override
        public String sessionId() {
            return "";
        }

        @Override
        public int lastSequence() {
            return 0;
        }
    }

    /// An existing session, from the dispatch after the last one that the client has.
    ///
    /// @param version of the connection, which must be the session's; 0: not compared
    /// @param encoding as `version`; empty: not compared
    record ResumeStart(String sessionId, int lastSequence, int version, String encoding) implements SessionStart {
        ResumeStart(String sessionId, int lastSequence) {
            this(sessionId, lastSequence, 0, "");
        }
    }
}
