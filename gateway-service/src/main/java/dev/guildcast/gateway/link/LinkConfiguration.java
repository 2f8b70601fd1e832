package dev.guildcast.gateway.link;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.coordination.MemoryShardMap;
import dev.guildcast.shard.installation.InstallationProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LinkProperties.class, InstallationProperties.class})
class LinkConfiguration {
    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.toTopology();
    }

    /// The shard map of the coordinator, or a fixed one if `gateway.link.hosts` is set.
    @Bean
    ShardMapView shardMap(
            LinkProperties link, Topology topology, InstallationProperties installation, GrpcIdentity identity) {
        if (!link.hosts().isEmpty()) {
            var staticMap = new MemoryShardMap();
            for (int i = 0; i < topology.sessionShards(); i++) {
                var address = link.hosts().get(i % link.hosts().size());
                staticMap.put(ShardId.session(i), address, address, 1);
            }
            return staticMap;
        }
        var map = new GrpcShardMap(installation.coordinator().targets(), CoordinationTimes.DEFAULT, identity);
        map.start();
        return map;
    }

    @Bean
    SessionHostsHealth sessionHostsHealthIndicator(GrpcSessionClient link) {
        return new SessionHostsHealth(link::hostStates);
    }

    @Bean
    GrpcSessionClient sessionClient(
            ShardMapView map,
            Topology topology,
            GrpcChannelFactory channels,
            LinkProperties properties,
            MeterRegistry registry,
            InstallationProperties installation) {
        var nodeId = installation.node().id();
        return new GrpcSessionClient(
                map,
                topology,
                new GrpcHostChannelFactory(channels, properties.keepAlive()),
                properties,
                new LinkMetrics(registry),
                (nodeId.isBlank() ? "gateway" : nodeId) + "-" + UUID.randomUUID());
    }
}
