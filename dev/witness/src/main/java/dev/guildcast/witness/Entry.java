package dev.guildcast.witness;

import tools.jackson.databind.JsonNode;

/// One thing that a client saw or did. Times are those of [System#nanoTime], connections count from 1.
public sealed interface Entry {
    long atNanos();

    int connection();

    /// An event with its number.
    record Dispatch(long atNanos, int connection, String type, int sequence, JsonNode body) implements Entry {}

    /// A socket is open.
    record Connected(long atNanos, int connection, String url) implements Entry {}

    /// A new session was asked for.
    record Identified(long atNanos, int connection) implements Entry {}

    /// The session was asked for again, with the last number seen.
    record ResumeAsked(long atNanos, int connection, int sequence) implements Entry {}

    /// Op 7: go elsewhere, keep the session.
    record ReconnectAsked(long atNanos, int connection) implements Entry {}

    /// Op 9.
    record InvalidSession(long atNanos, int connection, boolean resumable) implements Entry {}

    /// The socket is gone.
    ///
    /// @param code 1006 when there was no close frame
    record Closed(long atNanos, int connection, int code, boolean byClient) implements Entry {
        /// Whether the client itself ended its session by this.
        public boolean endsSession() {
            return byClient && (code == 1000 || code == 1001);
        }
    }
}
