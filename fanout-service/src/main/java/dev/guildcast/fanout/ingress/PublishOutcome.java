package dev.guildcast.fanout.ingress;

/// Outcome of a published event.
sealed interface PublishOutcome {
    /// It is in its log.
    ///
    /// @param firstRecord position of its first record
    record Accepted(EventAppender.Appended firstRecord) implements PublishOutcome {}

    /// It is invalid, and remains so however often it is published.
    ///
    /// @param field JSON path of the invalid field; empty: the event as a whole
    record Rejected(String field, String reason) implements PublishOutcome {}

    /// It was not appended, because its publisher has used its quota; the publisher sends it again, and all after it.
    ///
    /// @param retryNanos before another attempt can succeed
    record Limited(String reason, long retryNanos) implements PublishOutcome {}

    /// It may or may not be in its log; the publisher sends it again.
    record Unavailable(String reason) implements PublishOutcome {}
}
