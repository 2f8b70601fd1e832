package dev.guildcast.witness.verdict;

/// One thing that is wrong with what a client got.
///
/// @param what names the event by its mark, for people
public record Fault(Kind kind, String what) {
    public enum Kind {
        /// Entitled to, and never received.
        LOST,
        /// Received more than once.
        REPEATED,
        /// Received after what came after it.
        OUT_OF_ORDER,
        /// Received without being entitled to it, or to its content.
        FOREIGN,
        /// Received with another body than it was published with.
        ALTERED,
        /// A number that is not the last one plus one, or a RESUMED that is not in its place.
        SEQUENCE,
        /// A session refused or ended that should have lived.
        SESSION
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": " + what;
    }
}
