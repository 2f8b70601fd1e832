package dev.guildcast.coordinator.topics;

/// Topics exist that are not as planned. The message names topic, property, value and what was expected.
public final class TopicsDifferException extends Exception {
    private static final long serialVersionUID = 1;

    public TopicsDifferException(String message) {
        super(message);
    }
}
