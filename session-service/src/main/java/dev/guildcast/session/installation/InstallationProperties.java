package dev.guildcast.session.installation;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings that all services of an installation share.
///
/// @param kafka the brokers that hold the logs
/// @param topology numbers of shards, fixed when the topics were created; the defaults suit one machine
/// @param coordinator the service that assigns shards to nodes
/// @param node this process
@ConfigurationProperties("guildcast")
public record InstallationProperties(
        @DefaultValue Kafka kafka,
        @DefaultValue Shards topology,
        @DefaultValue Coordinator coordinator,
        @DefaultValue Node node) {
    public Topology shards() {
        return new Topology(
                topology.guildShards(), topology.dedicatedShards(), topology.userShards(), topology.sessionShards());
    }

    public Topics topics() {
        return new Topics(kafka.prefix());
    }

    /// @param bootstrapServers host:port, comma-separated
    /// @param prefix put before every topic and transactional id; two installations on one Kafka differ by it
    public record Kafka(
            @DefaultValue("127.0.0.1:9092") String bootstrapServers,
            @DefaultValue("guildcast.") String prefix) {}

    /// @param guildShards number of shards that guilds hash to
    /// @param dedicatedShards number of further shards, for huge guilds
    /// @param userShards number of shards that users hash to
    /// @param sessionShards number of shards that sessions hash to, by user
    public record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {}

    /// @param target `host:port[,host:port]` of the coordinator's replicas
    public record Coordinator(
            @DefaultValue("127.0.0.1:9090") String target) {}

    /// @param id identifies one run of this process and must never be reused; random by default
    /// @param address `host:port` at which others reach this process by gRPC; by default the loopback address and the
    ///     port that the gRPC server has bound, which serves one machine only
    public record Node(
            @DefaultValue("") String id, @DefaultValue("") String address) {
        public Node {
            if (id.isBlank()) {
                id = "session-"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
            }
        }
    }
}
