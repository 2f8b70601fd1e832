package dev.guildcast.fanout.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.presence.v1.GetPresences;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.Presences;
import dev.guildcast.presence.v1.UserPresence;
import dev.guildcast.shard.call.CallGuard;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The guard in front of a presence service that responds, fails or stays silent.
class GrpcPresenceSourceIT {
    private enum ServiceBehavior {
        ANSWERS,
        FAILS,
        SAYS_NOTHING
    }

    private final AtomicInteger calls = new AtomicInteger();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "reads",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(4)
                    .minimumNumberOfCalls(4)
                    .failureRateThreshold(50)
                    .permittedNumberOfCallsInHalfOpenState(2)
                    .build());
    private volatile ServiceBehavior behavior = ServiceBehavior.ANSWERS;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new PresenceStatesGrpc.PresenceStatesImplBase() {
                    @Override
                    public void get(GetPresences request, StreamObserver<Presences> answer) {
                        calls.incrementAndGet();
                        switch (behavior) {
                            case ANSWERS -> {
                                answer.onNext(Presences.newBuilder()
                                        .addUsers(UserPresence.newBuilder()
                                                .setUserId(request.getUsers(0))
                                                .setStatus("idle")
                                                .putClientStatus("web", "idle"))
                                        .build());
                                answer.onCompleted();
                            }
                            case FAILS -> answer.onError(Status.INTERNAL.asRuntimeException());
                            case SAYS_NOTHING -> {}
                        }
                    }
                })
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void readsWhatTheServiceKnows() throws Exception {
        Map<Long, PresenceSnapshot> found =
                source(Duration.ofSeconds(20), 4).fetch(List.of(5L)).get(20, TimeUnit.SECONDS);
        assertThat(found.get(5L).status()).isEqualTo("idle");
        assertThat(new String(found.get(5L).clientStatus(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"web\":\"idle\"}");
    }

    @Test
    void theBreakerStaysOpenUntilTrialCallsSucceed() throws Exception {
        var source = source(Duration.ofSeconds(20), 4);
        behavior = ServiceBehavior.FAILS;
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> source.fetch(List.of(5L)).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
        }
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThatThrownBy(() -> source.fetch(List.of(5L)).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(CallNotPermittedException.class);
        assertThat(calls).hasValue(4);

        behavior = ServiceBehavior.ANSWERS;
        breaker.transitionToHalfOpenState();
        source.fetch(List.of(5L)).get(20, TimeUnit.SECONDS);
        source.fetch(List.of(5L)).get(20, TimeUnit.SECONDS);
        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void aSilentServiceHoldsNoMoreCallsThanTheBulkhead() {
        behavior = ServiceBehavior.SAYS_NOTHING;
        var source = source(Duration.ofSeconds(20), 1);
        CompletableFuture<Map<Long, PresenceSnapshot>> waiting = source.fetch(List.of(5L));
        assertThatThrownBy(() -> source.fetch(List.of(6L)).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(BulkheadFullException.class);
        assertThat(waiting).isNotDone();
    }

    @Test
    void aSilentServiceIsAbandonedAtTheTimeLimit() {
        behavior = ServiceBehavior.SAYS_NOTHING;
        var source = source(Duration.ofMillis(200), 4);
        assertThatThrownBy(() -> source.fetch(List.of(5L)).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
    }

    private PresenceSource source(Duration limit, int concurrent) {
        return new GrpcPresenceSource(
                channel,
                new CallGuard(
                        breaker,
                        Bulkhead.of(
                                "reads",
                                BulkheadConfig.custom()
                                        .maxConcurrentCalls(concurrent)
                                        .maxWaitDuration(Duration.ZERO)
                                        .build()),
                        TimeLimiter.of(
                                "reads",
                                TimeLimiterConfig.custom()
                                        .timeoutDuration(limit)
                                        .build())));
    }
}
