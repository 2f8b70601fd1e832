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
import dev.guildcast.shard.MeterShardGauges;
import dev.guildcast.shard.RecordCodecs;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import dev.guildcast.shard.kafka.KafkaSettings;
import dev.guildcast.shard.kafka.KafkaShardStorage;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
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
    SessionNode sessionNode(
            InstallationProperties installation,
            NodeIdentity identity,
            SessionProperties session,
            ShardFactory factory,
            MeterRegistry registry) {
        var node = new SessionNode(
                installation,
                identity,
                session,
                () -> new KafkaShardStorage(
                        KafkaSettings.of(installation.kafka().requiredBootstrapServers(), installation.topics())),
                factory,
                registry);
        MeterShardGauges.register(registry, ShardId.Kind.SESSION, node::statuses);
        return node;
    }

    @Bean
    GrpcNodeLifecycle nodeLifecycle(ApplicationContext context, SessionNode node, GrpcLinkEndpoint endpoint) {
        return new GrpcNodeLifecycle(context, node, endpoint);
    }

    @Bean
    KafkaReachability kafkaReachability(InstallationProperties installation) {
        return new KafkaReachability(installation.kafka().requiredBootstrapServers());
    }

    @Bean
    NodeHealth nodeHealthIndicator(SessionNode node, KafkaReachability kafka) {
        return new NodeHealth(node, kafka::reachable);
    }

    @Bean
    ShardsEndpoint shardsEndpoint(SessionNode node, HostedShardRegistry hostedShards) {
        return new ShardsEndpoint(node, hostedShards);
    }
}
