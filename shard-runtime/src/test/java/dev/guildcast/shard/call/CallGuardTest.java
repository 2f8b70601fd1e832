package dev.guildcast.shard.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.guildcast.shard.testing.ManualClock;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
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

    @Test
    void anExpectedErrorIsNoFailure() {
        var settings = new CallGuardSettings(Duration.ofSeconds(30), 3, 4, Duration.ofSeconds(5), 3);
        var expecting = CallGuard.of("store", settings, "calls fail", IllegalArgumentException.class::isInstance);
        for (int i = 0; i < 10; i++) {
            assertThat(failure(expecting, Mono.error(new IllegalArgumentException("no"))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(expecting.breaker().getState()).isEqualTo(State.CLOSED);
        for (int i = 0; i < 4; i++) {
            failure(expecting, Mono.error(new IllegalStateException("away")));
        }
        assertThat(expecting.breaker().getState()).isEqualTo(State.OPEN);
    }

    @Test
    void aGuardOfSettingsLimitsTimeAndConcurrency() {
        var quick = CallGuard.of(
                "quick",
                new CallGuardSettings(Duration.ofMillis(50), 2, 20, Duration.ofSeconds(5), 3),
                "calls fail",
                error -> false);
        assertThat(failure(quick, Mono.never())).isInstanceOf(TimeoutException.class);
        var patient = CallGuard.of(
                "patient",
                new CallGuardSettings(Duration.ofMinutes(1), 2, 20, Duration.ofSeconds(5), 3),
                "calls fail",
                error -> false);
        var one = patient.around(Mono.never()).subscribe();
        var other = patient.around(Mono.never()).subscribe();
        assertThat(failure(patient, Mono.just(1))).isInstanceOf(BulkheadFullException.class);
        one.dispose();
        assertThat(failure(patient, Mono.just(1))).isNull();
        other.dispose();
    }

    @Test
    void logsWhatFollowsWhenTheBreakerOpensAndThatItClosed() {
        var breakers = CircuitBreakerRegistry.of(Map.of(
                "redis",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .waitDurationInOpenState(Duration.ofSeconds(5))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .clock(clock)
                        .build()));
        var bulkheads = BulkheadRegistry.of(Map.of("redis", BulkheadConfig.ofDefaults()));
        var limits = TimeLimiterRegistry.of(Map.of("redis", TimeLimiterConfig.ofDefaults()));
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger(CallGuard.class);
        log.addAppender(lines);
        try {
            var first = CallGuard.named("redis-presence", "redis", "writes are queued", breakers, bulkheads, limits);
            // As GrpcOwnerClient does for each call: the same breaker.
            var again = CallGuard.named("redis-presence", "redis", "writes are queued", breakers, bulkheads, limits);
            for (var each : new CallGuard[] {first, again}) {
                failure(each, Mono.error(new IllegalStateException("away")));
            }
            clock.advance(Duration.ofMillis(5001));
            failure(first, Mono.error(new IllegalStateException("away")));
            clock.advance(Duration.ofMillis(5001));
            failure(again, Mono.just(1));
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list.stream()
                        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                        .map(line -> line.getLevel() + " " + line.getFormattedMessage()))
                .containsExactly(
                        "WARN circuit breaker redis-presence opened: writes are queued",
                        "INFO circuit breaker redis-presence closed: calls succeed again");
    }

    @Test
    void refusesSettingsThatCouldNotWork() {
        var second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new CallGuardSettings(Duration.ZERO, 1, 1, second, 1))
                .hasMessage("the limit of calls is PT0S and open-for PT1S (expected: both above zero)");
        assertThatThrownBy(() -> new CallGuardSettings(second, 1, 0, second, 1))
                .hasMessage("concurrent-max is 1, window 0 and trials 1 (expected: each at least 1)");
    }

    /// The failure of the call; null when it succeeded.
    private @Nullable Throwable call(Mono<Integer> call) {
        return failure(guard, Mono.defer(() -> {
            made.incrementAndGet();
            return call;
        }));
    }

    private static @Nullable Throwable failure(CallGuard guard, Mono<Integer> call) {
        try {
            guard.around(call).block();
            return null;
        } catch (RuntimeException failure) {
            return Exceptions.unwrap(failure);
        }
    }
}
