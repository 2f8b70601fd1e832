package dev.guildcast.gateway.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// Recognises the errors of calls that found something else than a count under a key of the limiters, and counts them.
/// Redis serves then, so they must not open its circuit breaker; the local limiter decides for that key.
///
/// Safe for use from any thread.
final class ForeignValues {
    /// What Redis answers for a value of another type, and for text that is no number, in a command and in a script.
    private static final List<String> ERRORS = List.of("WRONGTYPE", "not an integer", "attempt to compare");
    /// Causes of an error that are looked at: the driver and Spring wrap it two or three times.
    private static final int CAUSES_MAX = 8;

    private final Counter counter;

    ForeignValues(MeterRegistry registry) {
        this.counter = Counter.builder("guildcast.gateway.limiter.foreign.values")
                .description("Calls that found something else than a count under a key of the limiters")
                .register(registry);
    }

    boolean isFound(Throwable error) {
        Throwable cause = error;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            var message = String.valueOf(cause.getMessage());
            if (cause instanceof NumberFormatException || ERRORS.stream().anyMatch(message::contains)) {
                counter.increment();
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
