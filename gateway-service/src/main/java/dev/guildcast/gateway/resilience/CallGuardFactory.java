package dev.guildcast.gateway.resilience;

import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Predicate;

/// Creates the gateway's guards of calls to other services and to Redis; the state of each breaker is a metric.
public final class CallGuardFactory {
    private CallGuardFactory() {}

    /// As the other; every error counts as a failed call.
    public static CallGuard create(String name, CallGuardSettings settings, String whileOpen, MeterRegistry registry) {
        return create(name, settings, whileOpen, registry, error -> false);
    }

    /// @param whileOpen what follows while the breaker is open, as a clause that the warning ends with
    /// @param isExpectedError matches errors that are valid responses, such as the rejection of a token: they count
    ///     as successful calls
    public static CallGuard create(
            String name,
            CallGuardSettings settings,
            String whileOpen,
            MeterRegistry registry,
            Predicate<Throwable> isExpectedError) {
        var guard = CallGuard.of(name, settings, whileOpen, isExpectedError);
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
