package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The installation's brokers and topology, as configured for every service.
///
/// @param kafka the brokers
/// @param topology how many shards there are; must be as the topics were created
@ConfigurationProperties("guildcast")
record Installation(Kafka kafka, @DefaultValue Shards topology) {
    /// @param bootstrapServers host:port, comma-separated
    /// @param prefix of all topics
    record Kafka(
            String bootstrapServers,
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix) {}

    /// @param guildShards K
    /// @param dedicatedShards D
    /// @param userShards U
    /// @param sessionShards P
    record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {}

    Topics topics() {
        return new Topics(kafka.prefix());
    }

    Topology shards() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }
}
