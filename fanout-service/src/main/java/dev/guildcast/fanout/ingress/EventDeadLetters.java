package dev.guildcast.fanout.ingress;

/// Takes events of the JSON topic that are wrong, for operators.
@FunctionalInterface
interface EventDeadLetters {
    /// Returns when the letter is written.
    ///
    /// @param partition where the event stands in its topic
    /// @param reason without any of the event's text
    /// @throws RuntimeException if it is not written; the event comes again
    void accept(int partition, long offset, String reason, byte[] event);
}
