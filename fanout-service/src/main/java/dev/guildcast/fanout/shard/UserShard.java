package dev.guildcast.fanout.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.delivery.FanoutCounters;
import dev.guildcast.fanout.delivery.SessionRecordOutput;
import dev.guildcast.fanout.publication.PublicationDeduplicator;
import dev.guildcast.fanout.view.DirtyEntities;
import dev.guildcast.fanout.view.EntityKey;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.NoResult;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The state machine of a user shard: forwards events for users to the session shards that hold their sessions.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** only the deduplication windows of the publishers are kept.
public final class UserShard implements ShardMachine<UserRecord, NoResult> {
    private final Topology topology;
    private final FanoutCounters counters;
    private final DirtyEntities dirty = new DirtyEntities();
    private final PublicationDeduplicator deduplicator = new PublicationDeduplicator(dirty::mark);

    UserShard(Topology topology, FanoutCounters counters) {
        this.topology = topology;
        this.counters = counters;
    }

    @Override
    public NoResult apply(UserRecord record, RecordContext at, Outputs out) {
        if (!record.hasEvent()) {
            throw new RecordRejectedException("unexpected record type " + record.getRecordCase());
        }
        applyEvent(record.getEvent(), at, out);
        return NoResult.NONE;
    }

    private void applyEvent(UserEvent event, RecordContext at, Outputs out) {
        if (event.hasPublication()) {
            switch (deduplicator.accept(event.getPublication(), at.offset(), at.timestampMillis())) {
                case NEW -> {}
                case DUPLICATE -> {
                    counters.onDuplicatePublication();
                    return;
                }
                case TOO_OLD -> {
                    out.deadLetter("publication is older than its publisher's window");
                    return;
                }
            }
        }
        if (!EventCatalogue.hasTypeLength(event.getType())) {
            throw new RecordRejectedException("event type of " + event.getType().length() + " characters (at most "
                    + EventCatalogue.TYPE_CHARS_MAX + ")");
        }
        if (event.getUsersCount() == 0 && event.getSessionsCount() == 0) {
            throw new RecordRejectedException("event without users or sessions");
        }
        var shards = new TreeMap<ShardId, UserDeliver.Builder>();
        for (long user : new TreeSet<>(event.getUsersList())) {
            deliver(shards, topology.sessionShard(user), event).addUsers(user);
        }
        for (SessionRef session : event.getSessionsList()) {
            if (session.getShard() >= topology.sessionShards()) {
                throw new RecordRejectedException("session shard " + Integer.toUnsignedString(session.getShard())
                        + " does not exist (0 to " + (topology.sessionShards() - 1) + ")");
            }
            deliver(shards, ShardId.session(session.getShard()), event).addSessionOffsets(session.getOffset());
        }
        shards.forEach((shard, deliver) -> emit(out, shard, deliver.build()));
    }

    private static UserDeliver.Builder deliver(
            Map<ShardId, UserDeliver.Builder> shards, ShardId shard, UserEvent event) {
        return shards.computeIfAbsent(
                shard,
                ignored -> UserDeliver.newBuilder()
                        .setType(event.getType())
                        .setShardZeroOnly(event.getShardZeroOnly())
                        .setIntents(event.getIntents())
                        .setData(event.getPayload()));
    }

    private void emit(Outputs out, ShardId shard, UserDeliver deliver) {
        counters.onDelivery(deliver.getUsersCount() + deliver.getSessionOffsetsCount());
        out.emit(
                shard,
                new SessionRecordOutput(
                        SessionRecord.newBuilder().setUserDeliver(deliver).build(), deliver.getSerializedSize()));
    }

    @Override
    public void restore(String key, byte[] value) {
        try {
            deduplicator.restore(GuildStateEntity.parseFrom(value).getPublisher());
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException(
                    "entity " + key + " in the checkpoint of a user shard cannot be parsed", damaged);
        }
    }

    @Override
    public Map<String, byte @Nullable []> drainDirty() {
        var changes = new LinkedHashMap<String, byte @Nullable []>();
        for (EntityKey key : dirty.drain()) {
            GuildStateEntity entity = deduplicator.entity(key.name());
            changes.put(key.text(), entity == null ? null : entity.toByteArray());
        }
        return changes;
    }
}
