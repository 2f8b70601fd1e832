package dev.guildcast.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.call.CallGuardSettings;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class CallGuardFactoryTest {
    private static final CallGuardSettings SHORT_LIMITS =
            new CallGuardSettings(Duration.ofMillis(50), 3, 4, Duration.ofMillis(200), 3);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theMetricFollowsTheBreaker() {
        var guard = CallGuardFactory.create("t", SHORT_LIMITS, "calls fail", registry);
        Mono<Integer> bad = Mono.error(new IllegalStateException("bad"));
        Mono<Integer> good = Mono.just(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThatThrownBy(() -> guard.around(bad).block()).hasMessage("bad");
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThatThrownBy(() -> guard.around(bad).block()).hasMessage("bad");
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThatThrownBy(() -> guard.around(good).block()).isInstanceOf(CallNotPermittedException.class);
        assertThat(metric()).isEqualTo(2);
        await().until(() -> guard.around(good).onErrorReturn(0).block() == 1);
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        assertThat(metric()).isEqualTo(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(metric()).isZero();
    }

    private double metric() {
        return registry.get("guildcast.gateway.breaker.state")
                .tag("breaker", "t")
                .gauge()
                .value();
    }
}
