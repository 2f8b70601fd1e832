package dev.guildcast.coordinator.topics;

/// Kafka did not answer, or could not create the topics.
public final class TopicsUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public TopicsUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
