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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// Guards calls to a dependency that may be slow or down by a time limit, a circuit breaker and a bulkhead. Rejected
/// calls fail at once, so that a slow dependency takes no threads or queue places from other calls. When the breaker
/// opens, one warning states the consequence, which its owner knows; when it closes, one line states that.
///
/// Safe on any thread; never blocks.
public record CallGuard(CircuitBreaker breaker, Bulkhead bulkhead, TimeLimiter timeLimiter) {
    private static final Logger log = LoggerFactory.getLogger(CallGuard.class);

    /// Percent of the calls in the window that may fail, or be slow, before the breaker opens: a peer that fails every
    /// second call costs more waiting than its fallback.
    private static final float FAILURE_RATE_PERCENT = 50;

    /// The guard configured under this name.
    ///
    /// @param config name of the configuration that guards of this kind share
    /// @param whileOpen what follows while the breaker is open, as a clause that the warning ends with
    public static CallGuard named(
            String name,
            String config,
            String whileOpen,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits) {
        boolean isNew = breakers.find(name).isEmpty();
        var breaker = breakers.circuitBreaker(name, config);
        // A registry returns the same breaker for the same name, which must not be logged twice.
        if (isNew) {
            logTransitions(breaker, whileOpen);
        }
        return new CallGuard(breaker, bulkheads.bulkhead(name, config), limits.timeLimiter(name, config));
    }

    /// A guard with these settings.
    ///
    /// @param isExpectedError matches errors that are valid responses, such as the rejection of a token: they count
    ///     as successful calls
    /// @param whileOpen what follows while the breaker is open, as a clause that the warning ends with
    public static CallGuard of(
            String name, CallGuardSettings settings, String whileOpen, Predicate<Throwable> isExpectedError) {
        var breaker = CircuitBreaker.of(
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
                        .build());
        logTransitions(breaker, whileOpen);
        return new CallGuard(
                breaker,
                Bulkhead.of(
                        name,
                        BulkheadConfig.custom()
                                .maxConcurrentCalls(settings.concurrentMax())
                                .maxWaitDuration(Duration.ZERO)
                                .build()),
                TimeLimiter.of(settings.limit()));
    }

    private static void logTransitions(CircuitBreaker breaker, String whileOpen) {
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> log.warn("circuit breaker {} opened: {}", breaker.getName(), whileOpen);
                case HALF_OPEN_TO_CLOSED ->
                    log.info("circuit breaker {} closed: calls succeed again", breaker.getName());
                // Trials that fail or begin, every few seconds while the peer is down.
                default -> log.debug("circuit breaker {}: {}", breaker.getName(), event.getStateTransition());
            }
        });
    }

    /// The call. It ends within the time limit, whatever the peer does; it fails at once while the breaker is open or
    /// the bulkhead full.
    public <T> Mono<T> around(Mono<T> call) {
        return call.transformDeferred(TimeLimiterOperator.of(timeLimiter))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(BulkheadOperator.of(bulkhead));
    }
}
