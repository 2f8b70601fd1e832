package dev.guildcast.gateway.resilience;

import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the gateway's guards of calls to services whose failure clients must not notice; the state of each breaker
/// is a metric, and its changes are logged.
public final class CallGuardFactory {
    private static final Logger log = LoggerFactory.getLogger(CallGuardFactory.class);

    private CallGuardFactory() {}

    public static CallGuard create(String name, CallGuardSettings settings, MeterRegistry registry) {
        return create(name, settings, registry, error -> false);
    }

    /// @param isExpectedError matches errors that are valid responses, such as the rejection of a token: they count as
    ///     successful calls
    public static CallGuard create(
            String name, CallGuardSettings settings, MeterRegistry registry, Predicate<Throwable> isExpectedError) {
        var guard = CallGuard.of(name, settings, isExpectedError);
        guard.breaker().getEventPublisher().onStateTransition(event -> {
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
        Gauge.builder("guildcast.gateway.breaker.state", guard.breaker(), CallGuardFactory::metricValue)
                .description("State of the circuit breaker: 0 closed, 1 half open, 2 open")
                .tag("breaker", name)
                .strongReference(true)
                .register(registry);
        return guard;
    }

    private static double metricValue(CircuitBreaker breaker) {
        return switch (breaker.getState()) {
            case CLOSED, DISABLED, METRICS_ONLY -> 0;
            case HALF_OPEN -> 1;
            case OPEN, FORCED_OPEN -> 2;
        };
    }
}
