package dev.guildcast.coordinator.replica;

import dev.guildcast.coordinator.store.CoordinatorStore;
import dev.guildcast.coordinator.store.LeaderElection;
import dev.guildcast.coordinator.topics.TopicAdmin;

/// What a replica needs of the installation's Kafka.
///
/// @param store closed by the replica
/// @param election closed by the replica
/// @param topics creates and verifies topics
public record ReplicaKafka(CoordinatorStore store, LeaderElection election, TopicAdmin topics) {}
