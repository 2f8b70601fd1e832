package dev.guildcast.fanout.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.change.ShardContext;
import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.EphemeralLane;
import dev.guildcast.fanout.delivery.FanoutCounters;
import dev.guildcast.fanout.delivery.MemberChunks;
import dev.guildcast.fanout.delivery.MembershipEmitter;
import dev.guildcast.fanout.presence.PresenceCache;
import java.time.Duration;
import java.time.InstantSource;

/// Creates an empty machine for each incarnation of a shard.
///
/// @param clock monotonic: how old a typing event is, by the log's time; used for nothing else
/// @param typingAgeMax age above which typing is dropped
/// @param recordBytesMax largest record to a session shard
public record FanoutMachineFactory(
        Topology topology, InstantSource clock, Duration typingAgeMax, int recordBytesMax, FanoutCounters counters) {
    /// With the default of `fanout.typing-age-max`, the largest records and no counters.
    public static FanoutMachineFactory of(Topology topology, InstantSource clock) {
        return new FanoutMachineFactory(
                topology, clock, Duration.ofSeconds(5), DeliveryBatcher.RECORD_BYTES_MAX, FanoutCounters.NONE);
    }

    public GuildShard guildShard(ShardId shard, PresenceCache presences) {
        var batcher = new DeliveryBatcher(recordBytesMax, counters);
        var context = new ShardContext(
                batcher, new MembershipEmitter(topology), new MemberChunks(presences, batcher), presences, counters);
        return new GuildShard(shard, topology, context, new EphemeralLane(clock, typingAgeMax, counters));
    }

    public UserShard userShard() {
        return new UserShard(topology, counters);
    }
}
