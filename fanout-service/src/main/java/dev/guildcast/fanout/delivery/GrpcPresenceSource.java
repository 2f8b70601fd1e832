package dev.guildcast.fanout.delivery;

import dev.guildcast.presence.v1.GetPresences;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.Presences;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/// Asks the presence service, behind a time limit, a circuit breaker and a bulkhead.
public final class GrpcPresenceSource implements PresenceSource {
    private static final long DEADLINE_MILLIS = 5_000;

    private final PresenceStatesGrpc.PresenceStatesStub stub;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final TimeLimiter limit;

    public GrpcPresenceSource(Channel channel, CircuitBreaker breaker, Bulkhead bulkhead, TimeLimiter limit) {
        this.stub = PresenceStatesGrpc.newStub(channel);
        this.breaker = breaker;
        this.bulkhead = bulkhead;
        this.limit = limit;
    }

    @Override
    public CompletableFuture<Map<Long, KnownPresence>> ask(Collection<Long> users) {
        var request = GetPresences.newBuilder().addAllUsers(users).build();
        var answer = new CompletableFuture<Map<Long, KnownPresence>>();
        call(request)
                .transformDeferred(TimeLimiterOperator.of(limit))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(BulkheadOperator.of(bulkhead))
                .defaultIfEmpty(Presences.getDefaultInstance())
                .subscribe(found -> answer.complete(read(found)), answer::completeExceptionally);
        return answer;
    }

    private Mono<Presences> call(GetPresences request) {
        return Mono.create(sink -> stub.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                .get(request, new StreamObserver<>() {
                    @Override
                    public void onNext(Presences answer) {
                        sink.success(answer);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        sink.error(failure);
                    }

                    @Override
                    public void onCompleted() {
                        sink.success();
                    }
                }));
    }

    private static Map<Long, KnownPresence> read(Presences answer) {
        var read = new TreeMap<Long, KnownPresence>();
        answer.getUsersList().forEach(user -> read.put(user.getUserId(), KnownPresence.of(user)));
        return read;
    }
}
