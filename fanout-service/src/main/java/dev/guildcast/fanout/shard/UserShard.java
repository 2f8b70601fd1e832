package dev.guildcast.fanout.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.UserDeliver;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.fanout.Tally;
import dev.guildcast.fanout.event.EntityKey;
import dev.guildcast.fanout.event.Publishers;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.fanout.event.Touched;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.ShardMachine;
import dev.guildcast.shard.v1.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a user shard's log means: events for users go on to the session shards of those users, which know the sessions.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** only the publishers' windows are kept.
public final class UserShard implements ShardMachine<UserRecord> {
    private final Topology topology;
    private final Tally tally;
    private final Touched touched = new Touched();
    private final Publishers publishers = new Publishers(touched::touch);

    public UserShard(Topology topology, Tally tally) {
        this.topology = topology;
        this.tally = tally;
    }

    @Override
    public void apply(UserRecord record, RecordContext at, Outputs out) {
        if (!record.hasEvent()) {
            throw new Refused("record " + record.getRecordCase());
        }
        UserEvent event = record.getEvent();
        if (event.hasPublication()) {
            switch (publishers.accept(event.getPublication(), at.offset())) {
                case FRESH -> {}
                case REPEAT -> {
                    tally.onPublisherRepeat();
                    return;
                }
                case TOO_OLD -> {
                    out.deadLetter("publication is older than its publisher's window");
                    return;
                }
            }
        }
        if (event.getType().isEmpty() || event.getType().length() > 64) {
            throw new Refused("event type of " + event.getType().length() + " characters");
        }
        if (event.getUsersCount() == 0 && event.getSessionsCount() == 0) {
            throw new Refused("event for nobody");
        }
        var shards = new TreeMap<ShardId, UserDeliver.Builder>();
        for (long user : new TreeSet<>(event.getUsersList())) {
            deliver(shards, topology.sessionShard(user), event).addUsers(user);
        }
        for (SessionRef session : event.getSessionsList()) {
            if (session.getShard() >= topology.sessionShards()) {
                throw new Refused("session of shard " + session.getShard());
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
        tally.onDelivery(deliver.getUsersCount() + deliver.getSessionOffsetsCount());
        out.emit(shard, new Output() {
            @Override
            public byte[] encode(Origin origin) {
                return SessionRecord.newBuilder()
                        .setOrigin(origin)
                        .setUserDeliver(deliver)
                        .build()
                        .toByteArray();
            }

            @Override
            public int sizeEstimate() {
                return deliver.getSerializedSize();
            }
        });
    }

    @Override
    public void restore(String key, byte[] value) {
        try {
            publishers.restore(GuildStateEntity.parseFrom(value).getPublisher());
        } catch (InvalidProtocolBufferException damaged) {
            throw new IllegalStateException("checkpoint entity is damaged", damaged);
        }
    }

    @Override
    public Map<String, byte @Nullable []> drainTouched() {
        var changes = new LinkedHashMap<String, byte @Nullable []>();
        for (EntityKey key : touched.drain()) {
            GuildStateEntity entity = publishers.entity(key.name());
            changes.put(key.text(), entity == null ? null : entity.toByteArray());
        }
        return changes;
    }
}
