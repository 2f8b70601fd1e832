package dev.guildcast.witness.verdict;

/// One deviation of what a client received.
///
/// @param what describes the event by its mark
public record DeliveryFault(Kind kind, String what) {
    public enum Kind {
        /// Required, and never received.
        LOST,
        /// Received more than once.
        REPEATED,
        /// Received after a later event.
        OUT_OF_ORDER,
        /// Received without being entitled to it, or to its content.
        FOREIGN,
        /// Received with another body than it was published with.
        ALTERED,
        /// A sequence number that is not the previous one plus one, or a misplaced RESUMED.
        SEQUENCE,
        /// A session that was invalidated or ended before its time.
        SESSION
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": " + what;
    }
}
