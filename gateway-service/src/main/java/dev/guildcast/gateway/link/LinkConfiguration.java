package dev.guildcast.gateway.link;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.coordination.MemoryShardMap;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LinkProperties.class, TopologyProperties.class})
class LinkConfiguration {
    @Bean
    Topology topology(TopologyProperties properties) {
        return properties.topology();
    }

    /// The shard map of the coordinator, or a fixed one if `gateway.link.hosts` is set.
    @Bean
    ShardMapView shardMap(
            LinkProperties link, Topology topology, @Value("${guildcast.coordinator.target:}") String coordinator) {
        if (!link.hosts().isEmpty()) {
            var staticMap = new MemoryShardMap();
            for (int i = 0; i < topology.sessionShards(); i++) {
                var address = link.hosts().get(i % link.hosts().size());
                staticMap.put(ShardId.session(i), address, address, 1);
            }
            return staticMap;
        }
        if (coordinator.isBlank()) {
            throw new IllegalArgumentException(
                    "guildcast.coordinator.target is not set (expected: host:port[,host:port])");
        }
        var map = new GrpcShardMap(CoordinatorTargets.parse(coordinator), CoordinationTimes.DEFAULT);
        map.start();
        return map;
    }

    @Bean
    GrpcSessionLink sessionLink(
            ShardMapView map,
            Topology topology,
            GrpcChannelFactory channels,
            LinkProperties properties,
            MeterRegistry registry,
            @Value("${guildcast.node.id:}") String nodeId) {
        return new GrpcSessionLink(
                map,
                topology,
                new GrpcHostChannelFactory(channels, properties.keepAlive()),
                properties,
                new LinkMetrics(registry),
                (nodeId.isBlank() ? "gateway" : nodeId) + "-" + UUID.randomUUID());
    }
}
