package dev.guildcast.fanout.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.delivery.DeliveryBatcher;
import dev.guildcast.fanout.delivery.EphemeralLane;
import dev.guildcast.fanout.delivery.MemberChunks;
import dev.guildcast.fanout.delivery.Memberships;
import dev.guildcast.fanout.delivery.PresenceView;
import java.time.Duration;
import java.time.InstantSource;

/// Makes machines, each fresh and empty, for an incarnation of a shard.
///
/// @param clock tells how old a typing notice is; nothing else asks it
/// @param typingAgeMax age above which typing is dropped
/// @param recordBytesMax largest record to a session shard
public record FanoutMachines(
        Topology topology, InstantSource clock, Duration typingAgeMax, int recordBytesMax, Tally tally) {
    public static FanoutMachines of(Topology topology, InstantSource clock) {
        return new FanoutMachines(topology, clock, Duration.ofSeconds(5), DeliveryBatcher.RECORD_BYTES_MAX, Tally.NONE);
    }

    public GuildShard guildShard(ShardId shard, PresenceView presences) {
        var batcher = new DeliveryBatcher(recordBytesMax, tally);
        var tools =
                new Tools(batcher, new Memberships(topology), new MemberChunks(presences, batcher), presences, tally);
        return new GuildShard(shard, topology, tools, new EphemeralLane(clock, typingAgeMax, tally));
    }

    public UserShard userShard() {
        return new UserShard(topology, tally);
    }
}
