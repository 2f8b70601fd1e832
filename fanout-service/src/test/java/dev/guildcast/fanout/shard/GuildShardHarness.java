package dev.guildcast.fanout.shard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.audience.v1.MembersRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.audience.v1.Unsubscribe;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs one guild shard's machine in memory: applies records, keeps what came out, and can be restored from what it
/// would have checkpointed.
final class GuildShardHarness {
    /// One dispatch to one session.
    record Dispatched(String type, String data) {}

    /// One record for a session shard, as it was encoded.
    record Emitted(ShardId target, SessionRecord record) {}

    static final Topology ONE = new Topology(1, 0, 1, 4);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    final InMemoryPresenceCache presences = new InMemoryPresenceCache(10_000);
    final Map<String, byte[]> checkpoint = new TreeMap<>();
    final List<Emitted> emitted = new ArrayList<>();
    final List<String> deadLetters = new ArrayList<>();
    final FanoutMachineFactory machineFactory;
    GuildShard machine;
    long offset;
    long nowMillis = 1_700_000_000_000L;

    GuildShardHarness() {
        this(ONE, 8 * 1024 * 1024);
    }

    GuildShardHarness(Topology topology, int recordBytesMax) {
        machineFactory = new FanoutMachineFactory(
                topology,
                () -> java.time.Instant.ofEpochMilli(nowMillis),
                java.time.Duration.ofSeconds(5),
                recordBytesMax,
                dev.guildcast.fanout.delivery.FanoutCounters.NONE);
        machine = machineFactory.guildShard(ShardId.guild(0), presences);
    }

    /// Applies a record as the runtime would; what it emitted.
    List<Emitted> apply(GuildRecord record, @Nullable ShardId source) {
        var staged = new Staged();
        try {
            machine.apply(record, new RecordContext(ShardId.guild(0), offset, nowMillis, source, 1), staged);
        } catch (RecordRejectedException refused) {
            staged.outputs.clear();
            deadLetters.add(String.valueOf(refused.getMessage()));
        }
        offset++;
        return encode(staged);
    }

    List<Emitted> ephemeral(GuildEvent event, long timestampMillis) {
        var staged = new Staged();
        machine.applyEphemeral(
                GuildRecord.newBuilder().setEvent(event).build(),
                new RecordContext(ShardId.guild(0), offset, timestampMillis, null, 1),
                staged);
        return encode(staged);
    }

    private List<Emitted> encode(Staged staged) {
        var encoded = new ArrayList<Emitted>();
        int index = 0;
        for (var each : staged.outputs) {
            try {
                byte[] bytes = each.output.encode(
                        Origin.newBuilder().setOffset(offset).setIndex(index++).build());
                encoded.add(new Emitted(each.target, SessionRecord.parseFrom(bytes)));
            } catch (InvalidProtocolBufferException bug) {
                throw new AssertionError(bug);
            }
        }
        emitted.addAll(encoded);
        return encoded;
    }

    List<Emitted> event(GuildEvent.Builder event) {
        return apply(GuildRecord.newBuilder().setEvent(event).build(), null);
    }

    List<Emitted> record(GuildRecord.Builder record) {
        return apply(record.build(), null);
    }

    List<Emitted> subscribe(long guild, long user, long session, long intents) {
        return subscribe(Subscribe.newBuilder()
                .setGuildId(guild)
                .setUserId(user)
                .setSessionOffset(session)
                .setIntents(intents)
                .setLargeThreshold(50)
                .setReason(SubscribeReason.READY));
    }

    List<Emitted> subscribe(Subscribe.Builder subscribe) {
        return apply(GuildRecord.newBuilder().setSubscribe(subscribe).build(), ONE.sessionShard(subscribe.getUserId()));
    }

    List<Emitted> unsubscribe(long guild, long user, long session) {
        return apply(
                GuildRecord.newBuilder()
                        .setUnsubscribe(
                                Unsubscribe.newBuilder().setGuildId(guild).setSessionOffset(session))
                        .build(),
                ONE.sessionShard(user));
    }

    List<Emitted> members(long user, MembersRequest.Builder request) {
        return apply(GuildRecord.newBuilder().setMembersRequest(request).build(), ONE.sessionShard(user));
    }

    void checkpoint() {
        machine.drainDirty().forEach((key, value) -> {
            if (value == null) {
                checkpoint.remove(key);
            } else {
                checkpoint.put(key, value);
            }
        });
    }

    /// A fresh machine with what was checkpointed, entities in another order.
    void restart() {
        machine = machineFactory.guildShard(ShardId.guild(0), presences);
        new HashMap<>(checkpoint).forEach(machine::restore);
        machine.onRestored();
    }

    /// What a user's session got by these records, in order.
    static List<Dispatched> dispatched(List<Emitted> emitted, long user, long session) {
        var dispatched = new ArrayList<Dispatched>();
        for (Emitted each : emitted) {
            if (each.target.equals(ONE.sessionShard(user)) && each.record.hasDeliver()) {
                for (Group group : each.record.getDeliver().getGroupsList()) {
                    if (offsets(group).contains(session)) {
                        Payload payload = each.record.getDeliver().getPayloads(group.getPayload());
                        dispatched.add(new Dispatched(
                                payload.getType(), payload.getData().toStringUtf8()));
                    }
                }
            }
        }
        return dispatched;
    }

    static List<String> types(List<Emitted> emitted, long user, long session) {
        return dispatched(emitted, user, session).stream().map(Dispatched::type).toList();
    }

    static JsonNode parse(Dispatched dispatched) {
        return MAPPER.readTree(dispatched.data());
    }

    /// The ids of the elements of an array of this guild.
    static List<String> ids(JsonNode guild, String array) {
        return guild.get(array)
                .valueStream()
                .map(each -> each.get("id").asString())
                .toList();
    }

    static List<Long> offsets(Group group) {
        var offsets = new ArrayList<Long>();
        long at = 0;
        for (long delta : group.getRecipientsList()) {
            at += delta;
            offsets.add(at);
        }
        return offsets;
    }

    /// Every dispatch of these records: `shard/offset` to what it got. A session twice in one record is an error.
    static Map<String, List<Dispatched>> bySession(List<Emitted> emitted) {
        var all = new TreeMap<String, List<Dispatched>>();
        for (Emitted each : emitted) {
            var seen = new HashSet<Long>();
            for (Group group : each.record.getDeliver().getGroupsList()) {
                Payload payload = each.record.getDeliver().getPayloads(group.getPayload());
                for (long offset : offsets(group)) {
                    if (!seen.add(offset)) {
                        throw new AssertionError("session " + offset + " twice in one record");
                    }
                    all.computeIfAbsent(each.target.index() + "/" + offset, ignored -> new ArrayList<>())
                            .add(new Dispatched(
                                    payload.getType(), payload.getData().toStringUtf8()));
                }
            }
        }
        return all;
    }

    static ByteString json(String text) {
        return ByteString.copyFromUtf8(text.replace('\'', '"'));
    }

    private final class Staged implements Outputs {
        private record One(ShardId target, Output output) {}

        private final List<One> outputs = new ArrayList<>();

        @Override
        public void emit(ShardId target, Output output) {
            outputs.add(new One(target, output));
        }

        @Override
        public void barrier() {}

        @Override
        public void deadLetter(String reason) {
            deadLetters.add(reason);
        }
    }
}
