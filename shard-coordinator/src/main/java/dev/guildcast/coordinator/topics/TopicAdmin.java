package dev.guildcast.coordinator.topics;

import java.util.List;

/// Makes topics and looks at those that exist.
public interface TopicAdmin {
    /// Makes what is missing and checks what is there; blocks until all can be used.
    ///
    /// @throws TopicsDifferException if a topic exists and is not as planned; those missing have been made
    /// @throws TopicsUnavailableException if Kafka did not do it; it may be tried again
    void ensure(List<PlannedTopic> plan) throws TopicsDifferException, TopicsUnavailableException;
}
