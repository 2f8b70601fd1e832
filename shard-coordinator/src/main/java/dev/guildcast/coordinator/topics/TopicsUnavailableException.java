package dev.guildcast.coordinator.topics;

/// Kafka did not answer about its topics, or would not make them.
public final class TopicsUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public TopicsUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
