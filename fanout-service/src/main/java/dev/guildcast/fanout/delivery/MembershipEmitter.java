package dev.guildcast.fanout.delivery;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.MemberJoined;
import dev.guildcast.delivery.v1.MemberLeft;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/// Emits to session shards who is a member of a guild from here on, whether connected or not: they keep the list of a
/// user's guilds from it.
///
/// - **Bound:** at most [#USERS_MAX] users a record.
public final class MembershipEmitter {
    /// A user takes eight bytes, so a record stays near 40 kB even when a whole guild joins.
    static final int USERS_MAX = 5000;

    private final Topology topology;

    public MembershipEmitter(Topology topology) {
        this.topology = topology;
    }

    public void emitJoined(Outputs out, long guildId, Collection<Long> users) {
        emitPerShard(
                out,
                users,
                some -> SessionRecord.newBuilder()
                        .setMemberJoined(
                                MemberJoined.newBuilder().setGuildId(guildId).addAllUsers(some)));
    }

    public void emitLeft(Outputs out, long guildId, Collection<Long> users) {
        emitPerShard(
                out,
                users,
                some -> SessionRecord.newBuilder()
                        .setMemberLeft(
                                MemberLeft.newBuilder().setGuildId(guildId).addAllUsers(some)));
    }

    /// Emits an event of a guild to users who are not members of it, each in the client shard of the guild.
    public void emitToNonMembers(Outputs out, GuildEvent event, Collection<Long> users) {
        emitPerShard(
                out,
                users,
                some -> SessionRecord.newBuilder()
                        .setUserDeliver(UserDeliver.newBuilder()
                                .setType(event.getType())
                                .addAllUsers(some)
                                .setIntents(event.getIntents())
                                .setData(event.getPayload())
                                .setRoutingGuildId(event.getGuildId())));
    }

    private void emitPerShard(Outputs out, Collection<Long> users, Function<List<Long>, SessionRecord.Builder> record) {
        var shards = new TreeMap<ShardId, List<Long>>();
        for (long user : users) {
            shards.computeIfAbsent(topology.sessionShard(user), ignored -> new ArrayList<>())
                    .add(user);
        }
        shards.forEach((shard, all) -> {
            for (int from = 0; from < all.size(); from += USERS_MAX) {
                List<Long> some = List.copyOf(all.subList(from, Math.min(all.size(), from + USERS_MAX)));
                SessionRecord plain = record.apply(some).build();
                out.emit(shard, new SessionRecordOutput(plain, plain.getSerializedSize()));
            }
        });
    }
}
