package dev.guildcast.shard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.coordination.MemoryShardMap;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class GrpcOwnerClientTest {
    private static final ShardId SHARD = ShardId.guild(1);

    private final MemoryShardMap map = new MemoryShardMap();
    private final List<String> called = new ArrayList<>();
    private final List<Deadline> deadlines = new ArrayList<>();
    private final List<String> guarded = new ArrayList<>();
    private final GrpcOwnerClient owners = new GrpcOwnerClient(map, AnsweringChannel::new, address -> {
        guarded.add(address);
        return new CallGuard(
                CircuitBreaker.ofDefaults(address), Bulkhead.ofDefaults(address), TimeLimiter.ofDefaults(address));
    });

    private Mono<VoiceJoinResponse> call() {
        return owners.<GuildQueryGrpc.GuildQueryStub, VoiceJoinResponse>call(
                SHARD,
                GuildQueryGrpc::newStub,
                (stub, responses) -> stub.voiceJoin(VoiceJoinRequest.getDefaultInstance(), responses));
    }

    @Test
    void failsWithUnavailableWhileTheShardHasNoOwner() {
        assertThatThrownBy(() -> call().block()).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.getStatus().getDescription()).isEqualTo("guild-1 has no known owner; retry later");
        });
        assertThat(called).isEmpty();
    }

    @Test
    void callsTheOwnerOfTheMomentOfTheSubscription() {
        var call = call();
        map.put(SHARD, "a", "10.0.0.1:9084", 1);
        assertThat(call.block()).isEqualTo(VoiceJoinResponse.getDefaultInstance());
        map.put(SHARD, "b", "10.0.0.2:9084", 2);
        assertThat(call.block()).isEqualTo(VoiceJoinResponse.getDefaultInstance());
        assertThat(called).containsExactly("10.0.0.1:9084", "10.0.0.2:9084");
    }

    @Test
    void everyOwnerHasItsOwnGuardAndEveryCallADeadline() {
        map.put(SHARD, "a", "10.0.0.1:9084", 1);
        call().block();
        assertThat(guarded).containsExactly("10.0.0.1:9084");
        assertThat(deadlines)
                .singleElement()
                .satisfies(deadline -> assertThat(deadline.timeRemaining(TimeUnit.MILLISECONDS))
                        .isBetween(1L, 10_000L));
    }

    /// Answers every call at once.
    private final class AnsweringChannel extends Channel {
        private final String address;

        AnsweringChannel(String address) {
            this.address = address;
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            called.add(address);
            deadlines.add(options.getDeadline());
            return new ClientCall<>() {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    listener.onMessage(method.parseResponse(new java.io.ByteArrayInputStream(new byte[0])));
                    listener.onClose(Status.OK, new Metadata());
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(String message, Throwable cause) {}

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q message) {}
            };
        }

        @Override
        public String authority() {
            return address;
        }
    }
}
