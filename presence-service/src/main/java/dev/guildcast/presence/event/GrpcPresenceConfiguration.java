package dev.guildcast.presence.event;

import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.CoordinatorTargets;
import dev.guildcast.shard.coordination.GrpcShardMap;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
class GrpcPresenceConfiguration {
    private static final String USER_GUILDS = "user-guilds";

    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.toTopology();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean(ShardMapView.class)
    GrpcShardMap shardMap(InstallationProperties installation) {
        var targets = CoordinatorTargets.parse(installation.coordinator().target());
        return new GrpcShardMap(targets, CoordinationTimes.DEFAULT);
    }

    @Bean
    UserGuilds userGuilds(
            Topology topology,
            ShardMapView map,
            GrpcChannelFactory channels,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits) {
        return new GrpcUserGuilds(
                topology,
                map,
                channels::createChannel,
                address -> CallGuard.named(USER_GUILDS + "-" + address, USER_GUILDS, breakers, bulkheads, limits));
    }
}
