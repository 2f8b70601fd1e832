package dev.guildcast.fanout.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.FanoutCounters;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.presence.PresenceLoader;
import dev.guildcast.fanout.presence.PresenceSource;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.fanout.shard.GuildShardRegistry;
import dev.guildcast.shard.MeterShardCounters;
import dev.guildcast.shard.MeterShardGauges;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardListener;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.clock.MonotonicClock;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import dev.guildcast.shard.kafka.KafkaSettings;
import dev.guildcast.shard.kafka.KafkaShardStorage;
import dev.guildcast.shard.node.NodeSettings;
import dev.guildcast.shard.node.NodeSettings.CoordinatorPlacement;
import dev.guildcast.shard.node.NodeSettings.StaticPlacement;
import dev.guildcast.shard.node.ServiceNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Configures the shard machines and the node that runs them.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InstallationProperties.class)
class NodeConfiguration {
    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.toTopology();
    }

    @Bean
    GuildShardRegistry guildShards() {
        return new GuildShardRegistry();
    }

    @Bean
    FanoutCounters fanoutCounters(MeterRegistry registry) {
        return new MeterFanoutCounters(registry);
    }

    @Bean
    FanoutMachineFactory machineFactory(Topology topology, FanoutProperties properties, FanoutCounters counters) {
        return new FanoutMachineFactory(
                topology, new MonotonicClock(), properties.typingAgeMax(), DeliveryBatcher.RECORD_BYTES_MAX, counters);
    }

    @Bean
    ShardFactory shardFactory(
            FanoutMachineFactory machineFactory,
            GuildShardRegistry shards,
            PresenceSource source,
            FanoutProperties properties) {
        return shard -> switch (shard.kind()) {
            case GUILD -> guildShard(shard, machineFactory, shards, source, properties.presence());
            case USER ->
                new ShardDefinition<>(RecordCodecs.USER, machineFactory.userShard(), new ShardListener<>() {}, false);
            case SESSION ->
                throw new IllegalArgumentException(
                        shard + " is no shard of this service (expected: guild-N or user-N)");
        };
    }

    private static ShardDefinition<?, ?> guildShard(
            ShardId shard,
            FanoutMachineFactory machineFactory,
            GuildShardRegistry shards,
            PresenceSource source,
            FanoutProperties.PresenceCacheProperties properties) {
        var presenceLoader =
                new PresenceLoader(new InMemoryPresenceCache(properties.usersMax()), source, properties.pageUsers());
        var machine = machineFactory.guildShard(shard, presenceLoader);
        return new ShardDefinition<>(
                RecordCodecs.GUILD, machine, new GuildShardListener(machine, presenceLoader, shards), true);
    }

    @Bean
    ServiceNode serviceNode(
            InstallationProperties installation,
            FanoutProperties properties,
            GrpcIdentity grpc,
            ShardFactory factory,
            MeterRegistry registry,
            ApplicationContext context) {
        var guildCounters = new MeterShardCounters(registry, ShardId.Kind.GUILD);
        var userCounters = new MeterShardCounters(registry, ShardId.Kind.USER);
        var kafka = KafkaSettings.of(
                installation.kafka().requiredBootstrapServers(), installation.topics(), properties.linger());
        var node = new ServiceNode(
                nodeSettings(installation, properties, grpc),
                () -> new KafkaShardStorage(kafka),
                factory,
                ShardSettings::guildDefaults,
                shard -> shard.kind() == ShardId.Kind.GUILD ? guildCounters : userCounters,
                () -> AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC));
        MeterShardGauges.register(registry, ShardId.Kind.GUILD, node::statuses);
        MeterShardGauges.register(registry, ShardId.Kind.USER, node::statuses);
        return node;
    }

    @Bean
    GrpcNodeLifecycle nodeLifecycle(ServiceNode node) {
        return new GrpcNodeLifecycle(node);
    }

    private static NodeSettings nodeSettings(
            InstallationProperties installation, FanoutProperties properties, GrpcIdentity grpc) {
        var identity = NodeIdentity.of(installation, "fanout-");
        return new NodeSettings(
                identity.id(),
                identity.configuredAddress(),
                installation.toTopology(),
                installation.kafka().prefix(),
                Set.of(ShardId.Kind.GUILD, ShardId.Kind.USER),
                switch (properties.placement()) {
                    case STATIC -> new StaticPlacement(staticShards(installation.toTopology(), properties.shards()));
                    case COORDINATOR ->
                        new CoordinatorPlacement(installation.coordinator().target(), properties.drain(), grpc);
                });
    }

    /// @param names of the shards to claim; empty: all that this service can own
    private static List<ShardId> staticShards(Topology topology, List<String> names) {
        var fanoutShards = topology.shards().stream()
                .filter(shard -> shard.kind() != ShardId.Kind.SESSION)
                .toList();
        if (names.isEmpty()) {
            return fanoutShards;
        }
        return names.stream()
                .map(name -> fanoutShards.stream()
                        .filter(shard -> shard.toString().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "fanout.shards names " + name + " (expected: some of " + fanoutShards + ")")))
                .toList();
    }
}
