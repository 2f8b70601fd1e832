package dev.guildcast.coordinator;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The settings that every service of an installation shares.
///
/// @param kafka where the logs are
/// @param topology how many shards of each kind there are; fixed when the topics are created
/// @param node this process
@ConfigurationProperties("guildcast")
public record InstallationProperties(
        @DefaultValue Kafka kafka,
        @DefaultValue Shards topology,
        @DefaultValue Process node) {

    /// @param bootstrapServers host:port[,host:port] of Kafka brokers
    /// @param prefix of topics and transactional ids: must differ between installations on one Kafka
    public record Kafka(
            @DefaultValue("127.0.0.1:9092") String bootstrapServers,
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix) {}

    /// @param guildShards shards that guilds hash to; more distribute better and cost a log and a thread each
    /// @param dedicatedShards further shards reserved for huge guilds
    /// @param userShards shards of user-targeted events
    /// @param sessionShards shards of sessions
    public record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {}

    /// @param id of this process; by default generated at each start
    /// @param address host:port at which others reach its gRPC server; by default 127.0.0.1 and the server's port
    public record Process(@Nullable String id, @Nullable String address) {}

    public Topics topics() {
        return new Topics(kafka.prefix());
    }

    public Topology toTopology() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }

    /// The configured id, or else a new one at each call.
    public String idOrNew() {
        return node.id() != null && !node.id().isBlank()
                ? node.id()
                : "coordinator-" + UUID.randomUUID().toString().substring(0, 8);
    }
}
