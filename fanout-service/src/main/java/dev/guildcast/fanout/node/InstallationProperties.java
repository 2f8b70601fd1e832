package dev.guildcast.fanout.node;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings that every service of an installation shares.
///
/// @param kafka the brokers and the prefix of all topics
/// @param topology numbers of shards, fixed when the topics were created; the coordinator rejects other numbers
/// @param coordinator where shards are assigned to nodes
/// @param node identity of this process
@ConfigurationProperties("guildcast")
record InstallationProperties(
        @DefaultValue Kafka kafka,
        @DefaultValue Shards topology,
        @DefaultValue Coordinator coordinator,
        @DefaultValue Node node) {
    Topology shards() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }

    Topics topics() {
        return new Topics(kafka.prefix());
    }

    /// @param bootstrapServers host:port, comma-separated
    /// @param prefix of topics and transactional ids; two installations on one Kafka differ by it
    record Kafka(
            @DefaultValue("127.0.0.1:9092") String bootstrapServers,
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix) {}

    /// @param guildShards K, shards that guilds hash to
    /// @param dedicatedShards D, further shards for huge guilds
    /// @param userShards U
    /// @param sessionShards P
    record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {}

    /// @param target `host:port[,host:port]` of the coordinator's replicas
    record Coordinator(@DefaultValue("127.0.0.1:9090") String target) {}

    /// @param id unique for each start of a process; random when absent
    /// @param address host:port of this node's gRPC server as others reach it; 127.0.0.1 and its port when absent
    record Node(@Nullable String id, @Nullable String address) {}
}
