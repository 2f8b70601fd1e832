package dev.guildcast.coordinator.topics;

/// Existing topics are not as planned. The message has topic, property, value and the expected value.
public final class TopicMismatchException extends Exception {
    private static final long serialVersionUID = 1;

    public TopicMismatchException(String message) {
        super(message);
    }
}
