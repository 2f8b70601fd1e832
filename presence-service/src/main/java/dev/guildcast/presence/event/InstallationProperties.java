package dev.guildcast.presence.event;

import dev.guildcast.contract.Topology;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings that every service of an installation shares.
///
/// @param topology numbers of shards, fixed when the topics were created; other numbers send events to wrong shards
/// @param coordinator where the shard map comes from
@ConfigurationProperties("guildcast")
record InstallationProperties(
        @DefaultValue Shards topology, @DefaultValue Coordinator coordinator) {
    Topology toTopology() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }

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
}
