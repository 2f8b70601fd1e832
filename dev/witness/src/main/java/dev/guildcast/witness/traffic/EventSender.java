package dev.guildcast.witness.traffic;

import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import java.util.List;

/// One way to publish.
interface EventSender extends AutoCloseable {
    /// Sends events in order and waits for their acknowledgement.
    ///
    /// @param publisher the full name under which repeats are recognised
    /// @return the outcome of each, never UNKNOWN
    /// @throws UnacknowledgedException if some of them may or may not have been accepted: the caller sends all of
    ///     them again
    List<IngressOutcome> send(String publisher, List<PlannedEvent> events)
            throws UnacknowledgedException, InterruptedException;

    /// Whether an acknowledgement means that the event is appended to the log that clients are served from.
    boolean confirmsAppend();

    @Override
    void close();

    /// No response, or one that requires a retry.
    final class UnacknowledgedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnacknowledgedException(String reason) {
            super(reason);
        }
    }
}
