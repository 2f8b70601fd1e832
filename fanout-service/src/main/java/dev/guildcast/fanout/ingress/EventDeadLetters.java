package dev.guildcast.fanout.ingress;

/// Receives invalid events of the JSON topic, for operators.
@FunctionalInterface
interface EventDeadLetters {
    /// Returns when the letter is written.
    ///
    /// @param partition the partition of the event in its topic
    /// @param reason contains none of the event's text
    /// @throws RuntimeException if it is not written; the event is delivered again
    void accept(int partition, long offset, String reason, byte[] event);
}
