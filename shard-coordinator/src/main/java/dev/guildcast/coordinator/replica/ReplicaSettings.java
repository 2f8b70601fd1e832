package dev.guildcast.coordinator.replica;

import dev.guildcast.contract.Topology;
import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.map.MapProperties;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.topics.TopicPlan;

/// How a replica is configured.
///
/// @param topology must be the one with which the topics were created
/// @param plan the topics that the leader creates
public record ReplicaSettings(
        Topology topology, TopicPlan plan, LeaseProperties lease, PlacementProperties placement, MapProperties map) {}
