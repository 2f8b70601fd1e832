package dev.guildcast.benchmark.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.fanout.shard.GuildShard;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Origin;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// Applies a message in a guild: computes its recipients and encodes the deliveries to every session shard.
///
/// Every fourth session belongs to a user whose role hides the channel. `parse` is the baseline: any consumer of the
/// log has to parse the record.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GuildApplyBenchmark {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 4);
    private static final ShardId SHARD = ShardId.guild(0);
    /// Any ids that differ: none of them is a snowflake, and the result does not depend on them.
    private static final long GUILD = 1_000;
    private static final long HIDING_ROLE = 1_001;
    private static final long CHANNEL = 2_000;
    /// Any fixed time: the result must not depend on the clock.
    private static final long NOW = 1_700_000_000_000L;

    @Param({"10", "100", "1000"})
    public int sessions;

    private final GuildShard machine =
            FanoutMachineFactory.of(TOPOLOGY, InstantSource.system()).guildShard(SHARD, new InMemoryPresenceCache(1));
    private byte[] message = new byte[0];
    private long offset;

    @Setup
    public void fill() {
        var part = DocumentPart.newBuilder()
                .setGuildId(GUILD)
                .setVersion("1")
                .addMutations(
                        Mutation.newBuilder().setGuild(GuildUpsert.newBuilder().setOwnerId(1)))
                .addMutations(role(GUILD, Permissions.VIEW_CHANNEL))
                .addMutations(role(HIDING_ROLE, 0))
                .addMutations(Mutation.newBuilder()
                        .setChannel(ChannelUpsert.newBuilder()
                                .setId(CHANNEL)
                                .setHasOverwrites(true)
                                .addOverwrites(Overwrite.newBuilder()
                                        .setId(HIDING_ROLE)
                                        .setRole(true)
                                        .setDeny(Permissions.VIEW_CHANNEL))));
        for (int i = 0; i < sessions; i++) {
            var member = MemberUpsert.newBuilder()
                    .setUserId(user(i))
                    .setHasRoles(true)
                    .setUsername("user" + i);
            if (i % 4 == 3) {
                member.addRoles(HIDING_ROLE);
            }
            part.addMutations(Mutation.newBuilder().setMember(member));
        }
        apply(GuildRecord.newBuilder().setDocumentPart(part).build(), null);
        apply(
                GuildRecord.newBuilder()
                        .setDocumentEnd(
                                DocumentEnd.newBuilder().setGuildId(GUILD).setVersion("1"))
                        .build(),
                null);
        for (int i = 0; i < sessions; i++) {
            apply(
                    GuildRecord.newBuilder()
                            .setSubscribe(Subscribe.newBuilder()
                                    .setGuildId(GUILD)
                                    .setUserId(user(i))
                                    .setSessionOffset(10L + i * 3L)
                                    .setIntents(Intents.GUILD_MESSAGES)
                                    .setLargeThreshold(50)
                                    .setContent(i % 2 == 0)
                                    .setReason(SubscribeReason.READY))
                            .build(),
                    TOPOLOGY.sessionShard(user(i)));
        }
        machine.drainDirty();
        ByteString json = ChatMessage.json(GUILD, CHANNEL, user(0), 1_575_254_062_654_423_040L);
        message = GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder()
                        .setGuildId(GUILD)
                        .setType("MESSAGE_CREATE")
                        .setChannelId(CHANNEL)
                        .setIntents(Intents.GUILD_MESSAGES)
                        .setPriority(Priority.MESSAGE)
                        .setPayload(json)
                        .setPayloadRedacted(json.substring(0, json.size() / 2))
                        .addFullRecipients(user(0)))
                .build()
                .toByteArray();
    }

    @Benchmark
    public GuildRecord parse() throws InvalidProtocolBufferException {
        return GuildRecord.parseFrom(message);
    }

    @Benchmark
    public void apply(Blackhole bytes) throws InvalidProtocolBufferException {
        machine.apply(GuildRecord.parseFrom(message), at(null), new EncodingOutputs(bytes, offset++));
    }

    private void apply(GuildRecord record, @Nullable ShardId source) {
        machine.apply(record, at(source), new EncodingOutputs(null, offset++));
    }

    private RecordContext at(@Nullable ShardId source) {
        return new RecordContext(SHARD, offset, NOW, source, 1);
    }

    private static long user(int index) {
        return 10_000L + index;
    }

    private static Mutation role(long id, long permissions) {
        return Mutation.newBuilder()
                .setRole(RoleUpsert.newBuilder().setId(id).setPermissions(permissions))
                .build();
    }

    /// Encodes emitted records at once, as an owner without backlog does.
    private record EncodingOutputs(@Nullable Blackhole bytes, long offset) implements Outputs {
        @Override
        public void emit(ShardId target, Output output) {
            byte[] record = output.encode(Origin.newBuilder()
                    .setOffset(offset)
                    .setPrevOffset(offset - 1)
                    .build());
            if (bytes != null) {
                bytes.consume(record);
            }
        }

        @Override
        public void barrier() {}

        @Override
        public void deadLetter(String reason) {
            throw new IllegalStateException(reason);
        }
    }
}
