package dev.guildcast.shard.call;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import reactor.core.publisher.Mono;

/// Guards calls to a dependency that may be slow or down by a time limit, a circuit breaker and a bulkhead. Rejected
/// calls fail at once, so that a slow dependency takes no threads or queue places from other calls.
///
/// Safe on any thread; never blocks.
public record CallGuard(CircuitBreaker breaker, Bulkhead bulkhead, TimeLimiter timeLimiter) {
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

    public <T> Mono<T> around(Mono<T> call) {
        return call.transformDeferred(TimeLimiterOperator.of(timeLimiter))
                .transformDeferred(CircuitBreakerOperator.of(breaker))
                .transformDeferred(BulkheadOperator.of(bulkhead));
    }
}
