package dev.guildcast.shard.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.shard.testing.ManualClock;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

class CallGuardTest {
    private final ManualClock clock = new ManualClock();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "store",
            CircuitBreakerConfig.custom()
                    .slidingWindowSize(20)
                    .minimumNumberOfCalls(20)
                    .failureRateThreshold(50)
                    .waitDurationInOpenState(Duration.ofSeconds(5))
                    .permittedNumberOfCallsInHalfOpenState(3)
                    .clock(clock)
                    .build());
    private final CallGuard guard = new CallGuard(
            breaker,
            Bulkhead.of(
                    "store",
                    BulkheadConfig.custom()
                            .maxConcurrentCalls(2)
                            .maxWaitDuration(Duration.ZERO)
                            .build()),
            TimeLimiter.of(Duration.ofMillis(50)));
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void opensAfterHalfOfTwentyCallsFailedAndClosesAfterThreeGoodTrials() {
        for (int i = 0; i < 20; i++) {
            call(i % 2 == 0 ? Mono.just(1) : Mono.error(new IllegalStateException("away")));
        }
        assertThat(breaker.getState()).isEqualTo(State.OPEN);
        assertThat(call(Mono.just(1))).isInstanceOf(CallNotPermittedException.class);
        clock.advance(Duration.ofMillis(5001));
        assertThat(call(Mono.just(1))).isNull();
        assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
        call(Mono.just(1));
        call(Mono.just(1));
        assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    }

    @Test
    void opensAgainWhenTheTrialsFail() {
        for (int i = 0; i < 20; i++) {
            call(Mono.error(new IllegalStateException("away")));
        }
        clock.advance(Duration.ofMillis(5001));
        for (int i = 0; i < 3; i++) {
            call(Mono.error(new IllegalStateException("away")));
        }
        assertThat(breaker.getState()).isEqualTo(State.OPEN);
    }

    @Test
    void staysClosedBelowHalf() {
        for (int i = 0; i < 60; i++) {
            call(i % 5 < 3 ? Mono.just(1) : Mono.error(new IllegalStateException("away")));
        }
        assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    }

    @Test
    void endsASilentCallAtItsLimitAndCountsItAsFailed() {
        for (int i = 0; i < 20; i++) {
            assertThat(call(Mono.never())).isInstanceOf(TimeoutException.class);
        }
        assertThat(breaker.getState()).isEqualTo(State.OPEN);
        int before = made.get();
        assertThat(call(Mono.never())).isInstanceOf(CallNotPermittedException.class);
        assertThat(made.get()).isEqualTo(before);
    }

    @Test
    void rejectsAtOnceWhenTheBulkheadIsFull() {
        var patient = new CallGuard(breaker, guard.bulkhead(), TimeLimiter.of(Duration.ofMinutes(1)));
        var one = patient.around(Mono.never()).subscribe();
        var other = patient.around(Mono.never()).subscribe();
        assertThat(call(Mono.just(1))).isInstanceOf(BulkheadFullException.class);
        one.dispose();
        assertThat(call(Mono.just(1))).isNull();
        other.dispose();
    }

    /// The failure of the call; null when it succeeded.
    private @Nullable Throwable call(Mono<Integer> call) {
        try {
            guard.around(Mono.defer(() -> {
                        made.incrementAndGet();
                        return call;
                    }))
                    .block();
            return null;
        } catch (RuntimeException failure) {
            return Exceptions.unwrap(failure);
        }
    }
}
