package dev.guildcast.session.audience;

import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.session.Session;
import dev.guildcast.shard.Outputs;

/// Emits the records that a session shard writes to guild logs.
///
/// A session that leaves a guild is *not* unsubscribed: the guild's shard has dropped the member's subscriptions
/// already, and an Unsubscribe that arrives late would cause a gap after a quick re-join. Only the end of a session
/// unsubscribes, from every guild it ever subscribed to: a Subscribe may have been overtaken by a leave and a re-join.
public final class GuildLogEmitter {
    private final Topology topology;

    public GuildLogEmitter(Topology topology) {
        this.topology = topology;
    }

    public void subscribe(Session session, long guildId, SubscribeReason reason, Outputs out) {
        session.subscribed().add(guildId);
        var open = session.open();
        var subscribe = Subscribe.newBuilder()
                .setGuildId(guildId)
                .setSessionOffset(session.offset())
                .setUserId(session.userId())
                .setIntents(open.getIntents())
                .setLargeThreshold(open.getLargeThreshold())
                .setContent(open.getContent())
                .setReason(reason)
                .build();
        emit(guildId, GuildRecord.newBuilder().setSubscribe(subscribe).build(), out);
    }

    public void unsubscribeAll(Session session, Outputs out) {
        for (long guildId : session.subscribed()) {
            var unsubscribe = Unsubscribe.newBuilder()
                    .setGuildId(guildId)
                    .setSessionOffset(session.offset())
                    .build();
            emit(guildId, GuildRecord.newBuilder().setUnsubscribe(unsubscribe).build(), out);
        }
    }

    public void requestMembers(Session session, RequestMembers request, Outputs out) {
        var forwarded = MembersRequest.newBuilder()
                .setGuildId(request.getGuildId())
                .setSessionOffset(session.offset())
                .setLimit(request.getLimit())
                .addAllUserIds(request.getUserIdsList())
                .setPresences(request.getPresences());
        if (request.hasQuery()) {
            forwarded.setQuery(request.getQuery());
        }
        if (request.hasClientNonce()) {
            forwarded.setNonce(request.getClientNonce());
        }
        emit(
                request.getGuildId(),
                GuildRecord.newBuilder().setMembersRequest(forwarded).build(),
                out);
    }

    private void emit(long guildId, GuildRecord record, Outputs out) {
        out.emit(
                topology.guildShard(guildId),
                origin -> record.toBuilder().setOrigin(origin).build().toByteArray());
    }
}
