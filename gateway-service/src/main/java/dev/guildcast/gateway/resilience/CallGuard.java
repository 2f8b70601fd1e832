package dev.guildcast.gateway.resilience;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// Circuit breaker, bulkhead and timeout around the calls to one service that may be slow or unavailable.
///
/// - **Bound:** `concurrentMax` calls in flight, each for at most `limit`.
/// - **Promise:** the returned Mono terminates within `limit`, whatever the service does; while the breaker is open, at
///   once.
public final class CallGuard {
    private static final Logger log = LoggerFactory.getLogger(CallGuard.class);
    /// Percent of the calls in the window that may fail, or be slow, before the breaker opens: a service that fails
    /// every second call costs more waiting than its fallback.
    private static final float FAILURE_RATE_PERCENT = 50;

    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final Duration timeout;

    public CallGuard(String name, CallGuardSettings settings, MeterRegistry registry) {
        this(name, settings, registry, error -> false);
    }

    /// @param isExpectedError matches errors that are valid responses, such as the rejection of a token: they count as
    ///     successful calls
    public CallGuard(
            String name, CallGuardSettings settings, MeterRegistry registry, Predicate<Throwable> isExpectedError) {
        this.timeout = settings.limit();
        this.breaker = CircuitBreaker.of(
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
        this.bulkhead = Bulkhead.of(
                name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(settings.concurrentMax())
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN ->
                    log.warn(
                            "circuit breaker {} has opened: half of its last calls failed or were slow; the fallback is"
                                    + " used until calls succeed again",
                            name);
                case HALF_OPEN_TO_CLOSED -> log.info("circuit breaker {} has closed: calls succeed again", name);
                default -> log.debug("circuit breaker {}: {}", name, event.getStateTransition());
            }
        });
        Gauge.builder("guildcast.gateway.breaker.state", this, it -> it.state().ordinal())
                .description("State of the circuit breaker: 0 closed, 1 half open, 2 open")
                .tag("breaker", name)
                .register(registry);
    }

    /// The call; it fails with an error if it exceeds the timeout, the concurrency limit, or if the breaker is open.
    public <T> Mono<T> around(Mono<T> call) {
        return call.timeout(timeout)
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(BulkheadOperator.of(bulkhead));
    }

    public State state() {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
            case HALF_OPEN -> State.HALF_OPEN;
            case OPEN, FORCED_OPEN -> State.OPEN;
        };
    }

    /// State of the breaker; the metric reports the ordinal, so the order must not change.
    public enum State {
        CLOSED,
        HALF_OPEN,
        OPEN
    }
}
