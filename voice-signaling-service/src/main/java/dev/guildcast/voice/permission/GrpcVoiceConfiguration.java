package dev.guildcast.voice.permission;

import dev.guildcast.contract.Topology;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcOwnerClient;
import dev.guildcast.shard.coordination.CoordinationTimes;
import dev.guildcast.shard.coordination.GrpcShardMap;
import dev.guildcast.shard.installation.InstallationProperties;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InstallationProperties.class)
class GrpcVoiceConfiguration {
    private static final String GUILD_VOICE = "guild-voice";

    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.toTopology();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    GrpcShardMap shardMap(InstallationProperties installation, GrpcIdentity identity) {
        return new GrpcShardMap(installation.coordinator().targets(), CoordinationTimes.DEFAULT, identity);
    }

    @Bean
    GuildVoiceQuery guildVoiceQuery(
            Topology topology,
            ShardMapView map,
            GrpcChannelFactory channels,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits) {
        return new GrpcGuildVoiceQuery(
                topology,
                new GrpcOwnerClient(
                        map,
                        channels::createChannel,
                        address -> CallGuard.named(
                                GUILD_VOICE + "-" + address,
                                GUILD_VOICE,
                                "nobody can join voice in the guilds whose shards run at that address",
                                breakers,
                                bulkheads,
                                limits)));
    }
}
