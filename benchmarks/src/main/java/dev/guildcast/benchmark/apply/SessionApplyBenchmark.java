package dev.guildcast.benchmark.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Deliver;
import dev.guildcast.delivery.v1.Group;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Payload;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.dispatch.SequencedDispatch;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.Output;
import dev.guildcast.shard.Outputs;
import dev.guildcast.shard.RecordContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

/// Applies a delivery: assigns every recipient its next sequence and a reference in its resume ring.
///
/// `parse` is the baseline: any consumer of the log has to parse the record.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SessionApplyBenchmark {
    private static final ShardId SHARD = ShardId.session(0);
    /// Any nonce, the same in the claim and in what it wrote.
    private static final long NONCE = 7;
    /// Any fixed time: the result must not depend on the clock.
    private static final long NOW = 1_700_000_000_000L;
    private static final Outputs NO_OUTPUTS = new Outputs() {
        @Override
        public void emit(ShardId target, Output output) {}

        @Override
        public void barrier() {}

        @Override
        public void deadLetter(String reason) {
            throw new IllegalStateException(reason);
        }
    };

    @Param({"10", "100", "1000"})
    public int sessions;

    private final SessionShard machine =
            new SessionShard(SHARD, new Topology(1, 0, 1, 1), Duration.ofSeconds(90), 16_384);
    private byte[] delivery = new byte[0];
    private long offset;

    @Setup
    public void fill() {
        machine.onControlRecord(at());
        offset++;
        var group = Group.newBuilder();
        long before = 0;
        for (int i = 0; i < sessions; i++) {
            var open = SessionRecord.newBuilder()
                    .setOpen(Open.newBuilder()
                            .setNonce(NONCE)
                            .setRequest(i + 1L)
                            .setAttachId(i + 1L)
                            .setUserId(10_000L + i)
                            .setUser(ByteString.copyFromUtf8("{\"id\":\"" + (10_000 + i) + "\"}"))
                            .setBot(true)
                            .setVersion(10)
                            .setEncoding("json"))
                    .build();
            group.addRecipients(i == 0 ? offset : offset - before);
            before = offset;
            machine.apply(open, at(), NO_OUTPUTS);
            offset++;
        }
        delivery = SessionRecord.newBuilder()
                .setDeliver(Deliver.newBuilder()
                        .setGuildId(1)
                        .addPayloads(Payload.newBuilder()
                                .setType("MESSAGE_CREATE")
                                .setData(ChatMessage.json(1, 2, 3, 1_575_254_062_654_423_040L)))
                        .addGroups(group))
                .build()
                .toByteArray();
    }

    @Benchmark
    public SessionRecord parse() throws InvalidProtocolBufferException {
        return SessionRecord.parseFrom(delivery);
    }

    @Benchmark
    public List<SequencedDispatch> apply() throws InvalidProtocolBufferException {
        var dispatches = machine.apply(SessionRecord.parseFrom(delivery), at(), NO_OUTPUTS)
                .dispatches();
        offset++;
        if (dispatches.size() != sessions) {
            throw new IllegalStateException("not every recipient was assigned a sequence");
        }
        return dispatches;
    }

    private RecordContext at() {
        return new RecordContext(SHARD, offset, NOW, null, NONCE);
    }
}
