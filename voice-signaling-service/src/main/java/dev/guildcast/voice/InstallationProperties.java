package dev.guildcast.voice;

import dev.guildcast.contract.Topology;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings that every service of an installation shares.
///
/// @param topology numbers of shards, fixed when the topics were created; other numbers send events to wrong shards
/// @param coordinator where the shard map comes from
/// @param node identity of this process
@ConfigurationProperties("guildcast")
public record InstallationProperties(
        @DefaultValue Shards topology,
        @DefaultValue Coordinator coordinator,
        @DefaultValue Node node) {
    public Topology toTopology() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }

    /// @param guildShards K, shards that guilds hash to
    /// @param dedicatedShards D, further shards for huge guilds
    /// @param userShards U
    /// @param sessionShards P
    public record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {}

    /// @param target `host:port[,host:port]` of the coordinator's replicas
    public record Coordinator(
            @DefaultValue("127.0.0.1:9090") String target) {}

    /// @param id unique among the processes that publish at the same time; random unless it is set
    public record Node(String id) {
        public Node(@Nullable String id) {
            this.id = id == null || id.isBlank() ? UUID.randomUUID().toString() : id;
        }
    }
}
