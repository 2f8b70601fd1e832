package dev.guildcast.coordinator.endpoint;

import dev.guildcast.coordinator.lease.LeaseProperties;
import dev.guildcast.coordinator.map.MapProperties;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.placement.PlacementProperties;
import dev.guildcast.coordinator.replica.CoordinatorMetrics;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import dev.guildcast.coordinator.replica.ReplicaKafka;
import dev.guildcast.coordinator.replica.ReplicaSettings;
import dev.guildcast.coordinator.store.CoordinatorStore;
import dev.guildcast.coordinator.store.LeaderElection;
import dev.guildcast.coordinator.topics.TopicAdmin;
import dev.guildcast.coordinator.topics.TopicPlan;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LeaseProperties.class, PlacementProperties.class, MapProperties.class})
class ShardConfiguration {

    @Bean
    ShardMapPublisher shardMapPublisher(MapProperties properties) {
        return new ShardMapPublisher(properties);
    }

    @Bean
    ReplicaSettings replicaSettings(
            InstallationProperties installation,
            TopicPlan plan,
            LeaseProperties lease,
            PlacementProperties placement,
            MapProperties map) {
        return new ReplicaSettings(installation.toTopology(), plan, lease, placement, map);
    }

    @Bean(destroyMethod = "")
    CoordinatorReplica coordinatorReplica(
            CoordinatorStore store,
            LeaderElection election,
            TopicAdmin topics,
            ReplicaSettings settings,
            ShardMapPublisher publisher,
            MeterRegistry registry) {
        var replica = new CoordinatorReplica(
                new ReplicaKafka(store, election, topics),
                settings,
                publisher,
                new CoordinatorMetrics(registry),
                System::nanoTime);
        CoordinatorMetrics.registerGauges(registry, replica, publisher);
        return replica;
    }

    @Bean
    GrpcShardEndpoint shardEndpoint(
            CoordinatorReplica replica, ShardMapPublisher publisher, InstallationProperties installation) {
        return new GrpcShardEndpoint(replica, publisher, installation);
    }

    @Bean
    GrpcReplicaLifecycle replicaLifecycle(CoordinatorReplica replica, InstallationProperties installation) {
        return new GrpcReplicaLifecycle(replica, NodeIdentity.of(installation, "coordinator-"));
    }

    @Bean
    ShardsEndpoint shardsEndpoint(CoordinatorReplica replica, ShardMapPublisher publisher) {
        return new ShardsEndpoint(replica, publisher);
    }

    @Bean
    CoordinatorHealth coordinatorHealthIndicator(CoordinatorReplica replica, ShardMapPublisher publisher) {
        return new CoordinatorHealth(replica, publisher);
    }
}
