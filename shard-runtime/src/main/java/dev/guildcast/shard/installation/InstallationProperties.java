package dev.guildcast.shard.installation;

import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings that all services of an installation share. A service reads those that concern it; one that a service does
/// not read may be missing there.
///
/// @param kafka the brokers that hold the logs
/// @param topology numbers of shards, fixed when the topics are created; a service configured otherwise is rejected
/// @param coordinator the service that assigns shards to nodes
/// @param node this process
@ConfigurationProperties("guildcast")
public record InstallationProperties(
        @DefaultValue Kafka kafka,
        @DefaultValue Shards topology,
        @DefaultValue Coordinator coordinator,
        @DefaultValue Node node) {
    public Topology toTopology() {
        return topology.toTopology();
    }

    public Topics topics() {
        return new Topics(kafka.prefix());
    }

    /// @param bootstrapServers host:port[,host:port] of Kafka brokers; the default suits one machine
    /// @param prefix put before every topic and transactional id; two installations on one Kafka differ by it
    public record Kafka(
            @DefaultValue("127.0.0.1:9092") String bootstrapServers,
            @DefaultValue(Topics.DEFAULT_PREFIX) String prefix) {
        /// The brokers, for a service that cannot do without them.
        ///
        /// @throws IllegalArgumentException if the setting is blank
        public String requiredBootstrapServers() {
            if (bootstrapServers.isBlank()) {
                throw new IllegalArgumentException(
                        "guildcast.kafka.bootstrap-servers is blank (expected: host:port[,host:port])");
            }
            return bootstrapServers;
        }
    }

    /// The defaults suit one machine.
    ///
    /// @param guildShards shards that guilds hash to; more distribute better and cost a log and a thread each
    /// @param dedicatedShards further guild shards, reserved for huge guilds
    /// @param userShards shards of events addressed to users
    /// @param sessionShards shards of sessions; a user's sessions are all in one of them
    public record Shards(
            @DefaultValue("4") int guildShards,
            @DefaultValue("1") int dedicatedShards,
            @DefaultValue("1") int userShards,
            @DefaultValue("4") int sessionShards) {
        /// @throws IllegalArgumentException if no installation can have these numbers
        public Shards {
            try {
                var unused = new Topology(guildShards, dedicatedShards, userShards, sessionShards);
            } catch (IllegalArgumentException invalid) {
                throw new IllegalArgumentException("guildcast.topology is invalid: " + invalid.getMessage(), invalid);
            }
        }

        Topology toTopology() {
            return new Topology(guildShards, dedicatedShards, userShards, sessionShards);
        }
    }

    /// @param target host:port[,host:port] of the coordinator's replicas; session-service, fanout-service,
    ///     presence-service and voice-signaling-service use 127.0.0.1:9090 unless it is set, and the gateway does
    ///     not start without it unless `gateway.link.hosts` is set
    public record Coordinator(@DefaultValue("") String target) {
        /// @throws IllegalArgumentException if the setting is blank or malformed
        public CoordinatorTargets targets() {
            if (target.isBlank()) {
                throw new IllegalArgumentException(
                        "guildcast.coordinator.target is not set (expected: host:port[,host:port])");
            }
            return CoordinatorTargets.parse(target);
        }
    }

    /// @param id identifies one run of this process and must never be reused; generated at each start by default
    /// @param address host:port at which others reach this process's gRPC server; by default 127.0.0.1 and the port
    ///     that the server has bound, which serves one machine only
    public record Node(
            @DefaultValue("") String id, @DefaultValue("") String address) {}
}
