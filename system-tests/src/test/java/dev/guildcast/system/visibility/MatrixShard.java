package dev.guildcast.system.visibility;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.contract.catalogue.ParsedEvent;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A guild shard of production, fed with events as a backend publishes them.
final class MatrixShard {
    /// One dispatch to the session that was opened at this offset.
    record Dispatched(long session, String type, ByteString data) {}

    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 4);
    private static final long NOW_MILLIS = 1_700_000_000_000L;
    private static final int PRESENCES_MAX = 1000;

    private final GuildShard machine = FanoutMachineFactory.of(TOPOLOGY, () -> Instant.ofEpochMilli(NOW_MILLIS))
            .guildShard(ShardId.guild(0), new InMemoryPresenceCache(PRESENCES_MAX));
    private final UnaryOperator<GuildRecord> fault;
    private long offset;

    /// @param fault what is done to each event's record before the shard applies it
    MatrixShard(UnaryOperator<GuildRecord> fault) {
        this.fault = fault;
    }

    void subscribe(String user, long session, long intents) {
        long id = Long.parseLong(user);
        var subscribe = Subscribe.newBuilder()
                .setGuildId(Long.parseLong(MatrixGuild.GUILD))
                .setUserId(id)
                .setSessionOffset(session)
                .setIntents(intents)
                .setContent((intents & 1L << 15) != 0)
                .setLargeThreshold(50)
                .setReason(SubscribeReason.READY);
        var unused = apply(GuildRecord.newBuilder().setSubscribe(subscribe).build(), TOPOLOGY.sessionShard(id));
    }

    List<Dispatched> publish(String event) {
        return switch (EventCatalogue.parse(event.getBytes(StandardCharsets.UTF_8))) {
            case ParsedEvent.ToGuild toGuild -> {
                var record = fault.apply(toGuild.record());
                yield toGuild.lane() == Lane.EPHEMERAL ? applyEphemeral(record) : apply(record, null);
            }
            case ParsedEvent.Document document -> {
                for (var part : document.parts()) {
                    apply(part, null);
                }
                yield apply(document.end(), null);
            }
            case ParsedEvent.ToUser toUser -> throw new IllegalArgumentException(toUser + " is for no guild");
            case ParsedEvent.Invalid invalid ->
                throw new IllegalArgumentException(event + ": " + invalid.field() + " " + invalid.reason());
        };
    }

    private List<Dispatched> apply(GuildRecord record, @Nullable ShardId source) {
        var staged = new Staged();
        try {
            machine.apply(record, context(source), staged);
        } catch (dev.guildcast.fanout.view.RecordRejectedException rejected) {
            return List.of();
        }
        return staged.dispatched();
    }

    private List<Dispatched> applyEphemeral(GuildRecord record) {
        var staged = new Staged();
        machine.applyEphemeral(record, context(null), staged);
        return staged.dispatched();
    }

    private RecordContext context(@Nullable ShardId source) {
        return new RecordContext(ShardId.guild(0), offset++, NOW_MILLIS, source, 1);
    }

    private static final class Staged implements Outputs {
        private final List<Output> outputs = new ArrayList<>();

        @Override
        public void emit(ShardId target, Output output) {
            outputs.add(output);
        }

        @Override
        public void barrier() {}

        @Override
        public void deadLetter(String reason) {
            throw new AssertionError("dead letter: " + reason);
        }

        List<Dispatched> dispatched() {
            var all = new ArrayList<Dispatched>();
            for (Output output : outputs) {
                try {
                    Deliver deliver = SessionRecord.parseFrom(output.encode(Origin.getDefaultInstance()))
                            .getDeliver();
                    deliver.getGroupsList().forEach(group -> addAll(all, deliver, group));
                } catch (InvalidProtocolBufferException bug) {
                    throw new AssertionError(bug);
                }
            }
            return all;
        }

        private static void addAll(List<Dispatched> all, Deliver deliver, Group group) {
            var payload = deliver.getPayloads(group.getPayload());
            long session = 0;
            for (long delta : group.getRecipientsList()) {
                session += delta;
                all.add(new Dispatched(session, payload.getType(), payload.getData()));
            }
        }
    }
}
