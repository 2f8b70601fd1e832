package dev.guildcast.backend.publish;

import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/// Tells Guildcast what happened.
public interface EventPublisher {
    /// Publishes one event; may be called from any thread and does not block.
    ///
    /// @param event `{"t":…,"d":…}`
    /// @return completes when the event stands in the log; fails with [PublishFailed] if it never will
    CompletableFuture<Void> publish(ObjectNode event);

    /// Why an event was not published.
    final class PublishFailed extends Exception {
        private static final long serialVersionUID = 1;

        public PublishFailed(String message) {
            super(message);
        }
    }
}
