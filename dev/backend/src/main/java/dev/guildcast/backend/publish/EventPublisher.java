package dev.guildcast.backend.publish;

import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/// Publishes events to Guildcast.
public interface EventPublisher {
    /// Publishes one event; may be called from any thread and does not block.
    ///
    /// @param event `{"t":…,"d":…}`
    /// @return completes when the event is appended to the log; fails with [PublishException] if it never will be
    CompletableFuture<Void> publish(ObjectNode event);

    /// Why an event was not published.
    final class PublishException extends Exception {
        private static final long serialVersionUID = 1;

        public PublishException(String message) {
            super(message);
        }
    }
}
