package dev.guildcast.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.resilience.CallGuardFactory;
import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// Something else under a key of the limiters decides nothing, and does not count as a failure of Redis.
class ForeignValuesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ForeignValues foreignValues = new ForeignValues(registry);

    @Test
    void theLocalLimiterDecidesAndTheBreakerStaysClosed() {
        var guard = CallGuardFactory.create(
                "t",
                CallGuardSettings.of(Duration.ofSeconds(5), 100, Duration.ofSeconds(5)),
                "limits are local",
                registry,
                foreignValues::isFound);
        var errors = List.of(
                new IllegalStateException("wrapped", new RuntimeException("WRONGTYPE Operation against a key")),
                new RuntimeException("ERR value is not an integer or out of range"),
                new RuntimeException("user_script:6: attempt to compare nil with number"),
                new NumberFormatException("For input string: x"));
        for (int i = 0; i < 100; i++) {
            RuntimeException error = errors.get(i % errors.size());
            var limiter = new FallbackAddressLimiter(
                    address -> Mono.error(error), address -> Mono.just(Optional.of(Duration.ofSeconds(1))), guard);
            assertThat(limiter.tryConnect("203.0.113.7").block()).contains(Duration.ofSeconds(1));
        }
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(registry.counter("guildcast.gateway.limiter.foreign.values").count())
                .isGreaterThanOrEqualTo(100);
        assertThat(foreignValues.isFound(new RuntimeException("connection refused")))
                .isFalse();
    }
}
