package dev.guildcast.fanout.ingress;

/// What became of a published event.
sealed interface Outcome {
    /// It stands in its log.
    ///
    /// @param first where its first record stands
    record Accepted(EventAppender.Appended first) implements Outcome {}

    /// It is wrong, and will be however often it comes.
    ///
    /// @param field JSON path of what is wrong; empty: the event as a whole
    record Refused(String field, String reason) implements Outcome {}

    /// It may or may not stand in its log; the publisher sends it again.
    record Unavailable(String reason) implements Outcome {}
}
