package dev.guildcast.coordinator.topics;

import java.util.List;

/// Creates topics and checks those that exist.
public interface TopicAdmin {
    /// Creates missing topics and checks existing ones; blocks until all can be used.
    ///
    /// @throws TopicMismatchException if a topic exists and is not as planned; missing ones have been created
    /// @throws TopicsUnavailableException if Kafka did not answer or refused; it can be retried
    void ensure(List<PlannedTopic> plan) throws TopicMismatchException, TopicsUnavailableException;
}
