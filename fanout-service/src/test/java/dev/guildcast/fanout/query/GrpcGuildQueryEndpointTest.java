package dev.guildcast.fanout.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.guildcast.audience.v1.StatsRequest;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.presence.InMemoryPresenceCache;
import dev.guildcast.fanout.shard.FanoutMachineFactory;
import dev.guildcast.fanout.shard.GuildShardRegistry;
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

    private final GuildShardRegistry shards = new GuildShardRegistry();
    private final GrpcGuildQueryEndpoint endpoint = new GrpcGuildQueryEndpoint(TOPOLOGY, shards);
    private final Response response = new Response();
    private final Queue<Runnable> logEnds = new ArrayDeque<>();

    @Test
    void whereTheShardIsNotTheAnswerIsNotOwner() throws Exception {
        query();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void aShardThatFollowsOrHasLapsedDoesNotAnswer() throws Exception {
        run(false, true);
        query();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void aShardThatHasStoppedDoesNotAnswer() throws Exception {
        run(true, false);
        query();
        assertThatItIsNotOwnedHere();
    }

    @Test
    void theLiveOwnerReportsAnUnknownGuild() throws Exception {
        run(true, true);
        query();
        assertThat(failure().getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(reason()).isEqualTo("UNKNOWN_GUILD");
    }

    @Test
    void anAnswerAfterTheLogsEndWaitsForIt() throws Exception {
        run(true, true);
        var request = VoiceJoinRequest.newBuilder().setGuildId(5).setAfterLogEnd(true);
        endpoint.voiceJoin(request.build(), response.to());
        assertThat(response.failure).isNull();
        logEnds.remove().run();
        assertThat(reason()).isEqualTo("UNKNOWN_GUILD");
    }

    @Test
    void aShardThatFollowsOrHasStoppedDoesNotWaitForItsLogsEnd() throws Exception {
        var request = VoiceJoinRequest.newBuilder().setGuildId(5).setAfterLogEnd(true);
        endpoint.voiceJoin(request.build(), response.to());
        assertThatItIsNotOwnedHere();
        run(false, true);
        endpoint.voiceJoin(request.build(), response.to());
        assertThatItIsNotOwnedHere();
        assertThat(logEnds).isEmpty();
    }

    private void assertThatItIsNotOwnedHere() throws InvalidProtocolBufferException {
        assertThat(failure().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
        assertThat(reason()).isEqualTo("NOT_OWNER");
    }

    private void query() {
        endpoint.stats(StatsRequest.newBuilder().setGuildId(5).build(), response.to());
    }

    private com.google.rpc.Status failure() {
        Throwable failure = response.failure;
        assertThat(failure).isNotNull();
        return StatusProto.fromThrowable(failure);
    }

    private String reason() throws InvalidProtocolBufferException {
        return failure().getDetails(0).unpack(ErrorInfo.class).getReason();
    }

    private void run(boolean live, boolean running) {
        var machine = FanoutMachineFactory.of(TOPOLOGY, InstantSource.system())
                .guildShard(ShardId.guild(0), new InMemoryPresenceCache(1));
        shards.register(new GuildShardRegistry.RunningShard(new Process(live, running, logEnds), machine));
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
        public void afterReadBarrier(Runnable action) {
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

    private static final class Response {
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
