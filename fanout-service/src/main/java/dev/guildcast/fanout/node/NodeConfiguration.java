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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Configures the shard machines and the node that runs them.
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {
    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.shards();
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
                topology,
                InstantSource.system(),
                properties.typingAgeMax(),
                DeliveryBatcher.RECORD_BYTES_MAX,
                counters);
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
            case SESSION -> throw new IllegalArgumentException(shard + " is no shard of this service");
        };
    }

    private static ShardDefinition<?, ?> guildShard(
            ShardId shard,
            FanoutMachineFactory machineFactory,
            GuildShardRegistry shards,
            PresenceSource source,
            FanoutProperties.Presence properties) {
        var presenceLoader =
                new PresenceLoader(new InMemoryPresenceCache(properties.usersMax()), source, properties.pageUsers());
        var machine = machineFactory.guildShard(shard, presenceLoader);
        return new ShardDefinition<>(
                RecordCodecs.GUILD, machine, new GuildShardListener(machine, presenceLoader, shards), true);
    }

    @Bean
    FanoutNode fanoutNode(
            InstallationProperties installation,
            FanoutProperties properties,
            ShardFactory factory,
            MeterRegistry registry) {
        var node = new FanoutNode(
                installation,
                properties,
                factory,
                new MeterShardCounters(registry, ShardId.Kind.GUILD),
                new MeterShardCounters(registry, ShardId.Kind.USER));
        MeterShardGauges.register(registry, ShardId.Kind.GUILD, node::statuses);
        MeterShardGauges.register(registry, ShardId.Kind.USER, node::statuses);
        return node;
    }
}
