package dev.guildcast.witness;

import tools.jackson.databind.JsonNode;

/// One thing that a client received or did. Times are those of [System#nanoTime], connections count from 1.
public sealed interface Observation {
    long atNanos();

    int connection();

    /// A dispatch with its sequence number.
    record ReceivedDispatch(long atNanos, int connection, String type, int sequence, JsonNode body)
            implements Observation {}

    /// A socket is open.
    record Connected(long atNanos, int connection, String url) implements Observation {}

    /// Identify was sent.
    record IdentifySent(long atNanos, int connection) implements Observation {}

    /// Resume was sent, with the last sequence number received.
    record ResumeSent(long atNanos, int connection, int sequence) implements Observation {}

    /// Op 7: reconnect and keep the session.
    record ReconnectRequested(long atNanos, int connection) implements Observation {}

    /// Op 9.
    record InvalidSession(long atNanos, int connection, boolean resumable) implements Observation {}

    /// The socket is closed.
    ///
    /// @param code 1006 when there was no close frame
    record Closed(long atNanos, int connection, int code, boolean byClient) implements Observation {
        /// Whether the client itself ended its session by this.
        public boolean endsSession() {
            return byClient && (code == 1000 || code == 1001);
        }
    }
}
