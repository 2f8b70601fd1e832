package dev.guildcast.gateway.guard;

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

/// One service that may be slow or away.
///
/// - **Bound:** `concurrentMax` calls, each of at most `limit`.
/// - **Promise:** the returned Mono ends within `limit`, whatever the service does; while the breaker is open, at once.
public final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);
    private static final float HALF = 50;

    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;
    private final Duration limit;

    public Guard(String name, GuardProperties properties, MeterRegistry registry) {
        this(name, properties, registry, error -> false);
    }

    /// @param answers errors that are answers, such as a token that is refused: they speak for the service's health
    public Guard(String name, GuardProperties properties, MeterRegistry registry, Predicate<Throwable> answers) {
        this.limit = properties.limit();
        this.breaker = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(properties.window())
                        .minimumNumberOfCalls(properties.window())
                        .failureRateThreshold(HALF)
                        .slowCallRateThreshold(HALF)
                        .slowCallDurationThreshold(properties.limit())
                        .waitDurationInOpenState(properties.openFor())
                        .permittedNumberOfCallsInHalfOpenState(properties.trials())
                        .recordException(error -> !answers.test(error))
                        .build());
        this.bulkhead = Bulkhead.of(
                name,
                BulkheadConfig.custom()
                        .maxConcurrentCalls(properties.concurrentMax())
                        .maxWaitDuration(Duration.ZERO)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> log.warn("breaker {} is open: its fall-back serves", name);
                case HALF_OPEN_TO_CLOSED -> log.info("breaker {} is closed again", name);
                default -> log.debug("breaker {}: {}", name, event.getStateTransition());
            }
        });
        Gauge.builder("guildcast.gateway.breaker.state", this, it -> it.state().ordinal())
                .description("0 closed, 1 half open, 2 open")
                .tag("breaker", name)
                .register(registry);
    }

    /// The call, or an error within the limit.
    public <T> Mono<T> around(Mono<T> call) {
        return call.timeout(limit)
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

    /// Of the breaker; the order is what the metric shows.
    public enum State {
        CLOSED,
        HALF_OPEN,
        OPEN
    }
}
