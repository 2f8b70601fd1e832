package dev.guildcast.coordinator.topics;

import java.util.Map;

/// The required partitions, replication and configuration of one topic.
///
/// @param configuration by Kafka's names; the brokers' defaults apply to the rest
public record PlannedTopic(String name, int partitions, short replication, Map<String, String> configuration) {
    public PlannedTopic {
        configuration = Map.copyOf(configuration);
    }
}
