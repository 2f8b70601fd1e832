package dev.guildcast.fanout.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.guildcast.audience.v1.StatsRequest;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.delivery.InMemoryPresenceView;
import dev.guildcast.fanout.shard.FanoutMachines;
import dev.guildcast.fanout.shard.GuildShards;
import dev.guildcast.shard.OwnedShard;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrpcGuildQueryEndpointTest {
    private static final Topology TOPOLOGY = new Topology(1, 0, 1, 4);

    private final GuildShards shards = new GuildShards();
    private final GrpcGuildQueryEndpoint endpoint = new GrpcGuildQueryEndpoint(TOPOLOGY, shards);
    private final Answer answer = new Answer();
    private final Queue<Runnable> logEnds = new ArrayDeque<>();

    @Test
    void whereTheShardIsNotTheAnswerIsNotOwner() throws Exception {
        ask();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void aShardThatFollowsOrHasLapsedDoesNotAnswer() throws Exception {
        run(false, true);
        ask();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void aShardThatHasStoppedDoesNotAnswer() throws Exception {
        run(true, false);
        ask();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void theLiveOwnerSaysThatItKnowsNoSuchGuild() throws Exception {
        run(true, true);
        ask();
        assertThat(failure().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(reason()).isEqualTo("UNKNOWN_GUILD");
    }

    @Test
    void anAnswerAfterTheLogsEndWaitsForIt() throws Exception {
        run(true, true);
        var request = VoiceJoinRequest.newBuilder().setGuildId(5).setAfterLogEnd(true);
        endpoint.voiceJoin(request.build(), answer.to());
        assertThat(answer.failure).isNull();
        logEnds.remove().run();
        assertThat(reason()).isEqualTo("UNKNOWN_GUILD");
    }

    @Test
    void aShardThatFollowsOrHasStoppedDoesNotWaitForItsLogsEnd() throws Exception {
        var request = VoiceJoinRequest.newBuilder().setGuildId(5).setAfterLogEnd(true);
        endpoint.voiceJoin(request.build(), answer.to());
        assertThatItIsNotOwnedHere();
        run(false, true);
        endpoint.voiceJoin(request.build(), answer.to());
        assertThatItIsNotOwnedHere();
        assertThat(logEnds).isEmpty();
    }

    private void assertThatItIsNotOwnedHere() throws InvalidProtocolBufferException {
        assertThat(failure().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
        assertThat(reason()).isEqualTo("NOT_OWNER");
    }

    private void ask() {
        endpoint.stats(StatsRequest.newBuilder().setGuildId(5).build(), answer.to());
    }

    private com.google.rpc.Status failure() {
        Throwable failure = answer.failure;
        assertThat(failure).isNotNull();
        return StatusProto.fromThrowable(failure);
    }

    private String reason() throws InvalidProtocolBufferException {
        return failure().getDetails(0).unpack(ErrorInfo.class).getReason();
    }

    private void run(boolean live, boolean running) {
        var machine = FanoutMachines.of(TOPOLOGY, InstantSource.system())
                .guildShard(ShardId.guild(0), new InMemoryPresenceView(1));
        shards.started(new GuildShards.Running(new Process(live, running, logEnds), machine));
    }

    private record Process(boolean live, boolean running, Queue<Runnable> logEnds) implements OwnedShard {
        @Override
        public ShardId id() {
            return ShardId.guild(0);
        }

        @Override
        public long nonce() {
            return 1;
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public boolean append(byte[] record) {
            return false;
        }

        @Override
        public void afterLogEnd(Runnable action) {
            logEnds.add(action);
        }

        @Override
        public boolean execute(Runnable action) {
            if (running) {
                action.run();
            }
            return running;
        }
    }

    private static final class Answer {
        private @Nullable Throwable failure;

        <T> StreamObserver<T> to() {
            return new StreamObserver<>() {
                @Override
                public void onNext(T value) {}

                @Override
                public void onError(Throwable error) {
                    failure = error;
                }

                @Override
                public void onCompleted() {}
            };
        }
    }
}
