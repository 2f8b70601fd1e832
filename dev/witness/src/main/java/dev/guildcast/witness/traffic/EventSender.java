package dev.guildcast.witness.traffic;

import dev.guildcast.witness.Publication.Outcome;
import java.util.List;

/// One way to publish.
interface EventSender extends AutoCloseable {
    /// Sends events in their order and waits for the answer.
    ///
    /// @param publisher the full name under which repeats are known
    /// @return what became of each; UNKNOWN is not among it
    /// @throws Unanswered when they, or some of them, may or may not have been taken: the caller sends all of them
    /// again
    List<Outcome> send(String publisher, List<PlannedEvent> events) throws Unanswered, InterruptedException;

    /// Whether an answer means that the event stands in the log that clients are served from.
    boolean answersFromItsLog();

    @Override
    void close();

    /// No answer, or one that says to try again.
    final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;

        Unanswered(String why) {
            super(why);
        }
    }
}
