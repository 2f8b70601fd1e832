package dev.guildcast.shard.call;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import java.time.Duration;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/// Guards calls to a dependency that may be slow or down by a time limit, a circuit breaker and a bulkhead. Rejected
/// calls fail at once, so that a slow dependency takes no threads or queue places from other calls.
///
/// Safe on any thread; never blocks.
public record CallGuard(CircuitBreaker breaker, Bulkhead bulkhead, TimeLimiter timeLimiter) {
    /// Percent of the calls in the window that may fail, or be slow, before the breaker opens: a peer that fails every
    /// second call costs more waiting than its fallback.
    private static final float FAILURE_RATE_PERCENT = 50;

    /// The guard configured under this name.
    ///
    /// @param config name of the configuration that guards of this kind share
    public static CallGuard named(
            String name,
            String config,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits) {
        return new CallGuard(
                breakers.circuitBreaker(name, config),
                bulkheads.bulkhead(name, config),
                limits.timeLimiter(name, config));
    }

    /// A guard with these settings.
    ///
    /// @param isExpectedError matches errors that are valid responses, such as the rejection of a token: they count
    ///     as successful calls
    public static CallGuard of(String name, CallGuardSettings settings, Predicate<Throwable> isExpectedError) {
        return new CallGuard(
                CircuitBreaker.of(
                        name,
                        CircuitBreakerConfig.custom()
                                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                                .slidingWindowSize(settings.window())
                                .minimumNumberOfCalls(settings.window())
                                .failureRateThreshold(FAILURE_RATE_PERCENT)
                                .slowCallRateThreshold(FAILURE_RATE_PERCENT)
                                .slowCallDurationThreshold(settings.limit())
                                .waitDurationInOpenState(settings.openFor())
                                .permittedNumberOfCallsInHalfOpenState(settings.trials())
                                .recordException(error -> !isExpectedError.test(error))
                                .build()),
                Bulkhead.of(
                        name,
                        BulkheadConfig.custom()
                                .maxConcurrentCalls(settings.concurrentMax())
                                .maxWaitDuration(Duration.ZERO)
                                .build()),
                TimeLimiter.of(settings.limit()));
    }

    /// The call. It ends within the time limit, whatever the peer does; it fails at once while the breaker is open or
    /// the bulkhead full.
    public <T> Mono<T> around(Mono<T> call) {
        return call.transformDeferred(TimeLimiterOperator.of(timeLimiter))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(BulkheadOperator.of(bulkhead));
    }
}
