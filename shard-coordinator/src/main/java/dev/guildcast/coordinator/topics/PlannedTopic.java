package dev.guildcast.coordinator.topics;

import java.util.Map;

/// One topic as it must be.
///
/// @param configuration by Kafka's names; what is not named is the brokers' to choose
public record PlannedTopic(String name, int partitions, short replication, Map<String, String> configuration) {
    public PlannedTopic {
        configuration = Map.copyOf(configuration);
    }
}
