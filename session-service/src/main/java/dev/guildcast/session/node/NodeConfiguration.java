package dev.guildcast.session.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.lifecycle.LifecycleEventEmitter;
import dev.guildcast.session.lifecycle.LifecyclePublisher;
import dev.guildcast.session.link.GrpcLinkEndpoint;
import dev.guildcast.session.presence.PresenceBeatRegistry;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.MeterShardCounters;
import dev.guildcast.shard.MeterShardGauges;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.GrpcShardMap;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class NodeConfiguration {
    @Bean
    ShardFactory shardFactory(
            InstallationProperties installation,
            ResumeProperties resume,
            HostedShardRegistry hostedShards,
            PresenceBeatRegistry presenceBeats,
            LifecyclePublisher lifecycle) {
        return shard -> {
            var machine = new SessionShard(shard, installation.toTopology(), resume.window(), resume.ringMax());
            var listeners = new CompositeShardListener(List.of(
                    hostedShards.listener(machine),
                    presenceBeats.listener(machine),
                    new LifecycleEventEmitter(machine, lifecycle)));
            return new ShardDefinition<>(RecordCodecs.SESSION, machine, listeners, false);
        };
    }

    @Bean
    ServiceNode serviceNode(
            InstallationProperties installation,
            NodeIdentity identity,
            SessionProperties session,
            ShardFactory factory,
            MeterRegistry registry) {
        var counters = new MeterShardCounters(registry, ShardId.Kind.SESSION);
        var node = new ServiceNode(
                nodeSettings(installation, identity, session),
                () -> new KafkaShardStorage(
                        KafkaSettings.of(installation.kafka().requiredBootstrapServers(), installation.topics())),
                factory,
                ShardSettings::sessionDefaults,
                shard -> counters,
                () -> {
                    // Readiness reports it.
                });
        MeterShardGauges.register(registry, ShardId.Kind.SESSION, node::statuses);
        return node;
    }

    private static NodeSettings nodeSettings(
            InstallationProperties installation, NodeIdentity identity, SessionProperties session) {
        var topology = installation.toTopology();
        return new NodeSettings(
                identity.id(),
                identity.configuredAddress(),
                topology,
                installation.kafka().prefix(),
                Set.of(ShardId.Kind.SESSION),
                switch (session.placement()) {
                    case STATIC ->
                        new StaticPlacement(IntStream.range(0, topology.sessionShards())
                                .mapToObj(ShardId::session)
                                .toList());
                    case COORDINATOR ->
                        new CoordinatorPlacement(installation.coordinator().target(), session.drain());
                });
    }

    /// The map of all shards, watched to know whether a coordinator can be reached.
    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnProperty(name = "session.placement", havingValue = "coordinator", matchIfMissing = true)
    GrpcShardMap shardMap(InstallationProperties installation) {
        return new GrpcShardMap(installation.coordinator().targets(), CoordinationTimes.DEFAULT);
    }

    @Bean
    GrpcNodeLifecycle nodeLifecycle(ApplicationContext context, ServiceNode node, GrpcLinkEndpoint endpoint) {
        return new GrpcNodeLifecycle(context, node, endpoint);
    }

    @Bean
    KafkaReachability kafkaReachability(InstallationProperties installation) {
        return new KafkaReachability(installation.kafka().requiredBootstrapServers(), System::nanoTime);
    }

    @Bean
    NodeHealth nodeHealthIndicator(ServiceNode node, ObjectProvider<GrpcShardMap> shardMap, KafkaReachability kafka) {
        var watchedMap = Optional.ofNullable(shardMap.getIfAvailable());
        return new NodeHealth(
                node, () -> watchedMap.map(map -> map.revision() != 0).orElse(true), kafka::reachable);
    }

    @Bean
    ShardsEndpoint shardsEndpoint(ServiceNode node, HostedShardRegistry hostedShards) {
        return new ShardsEndpoint(node, hostedShards);
    }
}
