package dev.guildcast.fanout.node;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.InMemoryPresenceView;
import dev.guildcast.fanout.delivery.PresenceFill;
import dev.guildcast.fanout.delivery.PresenceSource;
import dev.guildcast.fanout.shard.FanoutMachines;
import dev.guildcast.fanout.shard.GuildShards;
import dev.guildcast.shard.MeterShardCounters;
import dev.guildcast.shard.MeterShardGauges;
import dev.guildcast.shard.Records;
import dev.guildcast.shard.ShardDefinition;
import dev.guildcast.shard.ShardFactory;
import dev.guildcast.shard.ShardListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the machines and the node that runs them.
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {
    @Bean
    Topology topology(InstallationProperties installation) {
        return installation.shards();
    }

    @Bean
    GuildShards guildShards() {
        return new GuildShards();
    }

    @Bean
    Tally tally(MeterRegistry registry) {
        return new MeterTally(registry);
    }

    @Bean
    FanoutMachines machines(Topology topology, FanoutProperties properties, Tally tally) {
        return new FanoutMachines(
                topology, InstantSource.system(), properties.typingAgeMax(), DeliveryBatcher.RECORD_BYTES_MAX, tally);
    }

    @Bean
    ShardFactory shardFactory(
            FanoutMachines machines, GuildShards shards, PresenceSource source, FanoutProperties properties) {
        return shard -> switch (shard.kind()) {
            case GUILD -> guildShard(shard, machines, shards, source, properties.presence());
            case USER -> new ShardDefinition<>(Records.USER, machines.userShard(), new ShardListener<>() {}, false);
            case SESSION -> throw new IllegalArgumentException(shard + " is no shard of this service");
        };
    }

    private static ShardDefinition<?> guildShard(
            ShardId shard,
            FanoutMachines machines,
            GuildShards shards,
            PresenceSource source,
            FanoutProperties.Presence properties) {
        var presences =
                new PresenceFill(new InMemoryPresenceView(properties.usersMax()), source, properties.pageUsers());
        var machine = machines.guildShard(shard, presences);
        return new ShardDefinition<>(Records.GUILD, machine, new GuildShardListener(machine, presences, shards), true);
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
