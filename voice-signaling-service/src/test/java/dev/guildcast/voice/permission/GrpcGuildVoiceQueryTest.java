package dev.guildcast.voice.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.Topology;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcOwnerClient;
import dev.guildcast.shard.coordination.MemoryShardMap;
import dev.guildcast.voice.permission.GuildVoiceQuery.JoinVerdict;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcGuildVoiceQueryTest {
    private static final long GUILD = 197038439483310086L;
    private static final long CHANNEL = 300000000000000002L;
    private static final long USER = 100000000000000001L;

    private final MemoryShardMap map = new MemoryShardMap();
    private Status answer = Status.OK;
    private final GuildVoiceQuery query = new GrpcGuildVoiceQuery(
            Topology.SMALLEST,
            new GrpcOwnerClient(
                    map,
                    address -> new FailingChannel(),
                    address -> new CallGuard(
                            CircuitBreaker.ofDefaults(address),
                            Bulkhead.ofDefaults(address),
                            TimeLimiter.ofDefaults(address))));

    @BeforeEach
    void theShardHasAnOwner() {
        map.put(Topology.SMALLEST.guildShard(GUILD), "a", "10.0.0.1:9084", 1);
    }

    @Test
    void aGuildThatWasDeletedHasNoMembersAndNobodyInVoice() {
        answer = Status.NOT_FOUND.withDescription("no such guild");
        var admission = query.checkJoinAtLogEnd(GUILD, CHANNEL, USER).block();
        assertThat(admission).isNotNull();
        assertThat(admission.verdict()).isEqualTo(JoinVerdict.NOT_A_MEMBER);
        assertThat(admission.currentChannel()).isZero();
        assertThat(admission.member()).isEmpty();
    }

    @Test
    void anOwnerThatCannotAnswerIsAFailure() {
        answer = Status.UNAVAILABLE.withDescription("the guild's shard is not owned here");
        assertThatThrownBy(() -> query.checkJoin(GUILD, CHANNEL, USER).block()).hasMessageContaining("UNAVAILABLE");
    }

    /// Ends every call with [#answer].
    private final class FailingChannel extends Channel {
        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            return new ClientCall<>() {
                @Override
                public void start(Listener<R> listener, Metadata headers) {
                    listener.onClose(answer, new Metadata());
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {}

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q message) {}
            };
        }

        @Override
        public String authority() {
            return "10.0.0.1:9084";
        }
    }
}
