package dev.guildcast.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class CallGuardTest {
    private static final CallGuardSettings SHORT_LIMITS =
            new CallGuardSettings(Duration.ofMillis(50), 3, 4, Duration.ofMillis(200), 3);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void opensAfterHalfOfTheCallsFailedAndClosesAfterGoodTrials() {
        var guard = new CallGuard("t", SHORT_LIMITS, registry);
        Mono<Integer> bad = Mono.error(new IllegalStateException("bad"));
        Mono<Integer> good = Mono.just(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThatThrownBy(() -> guard.around(bad).block()).hasMessage("bad");
        assertThat(guard.state()).isEqualTo(CallGuard.State.CLOSED);
        assertThatThrownBy(() -> guard.around(bad).block()).hasMessage("bad");
        assertThat(guard.state()).isEqualTo(CallGuard.State.OPEN);
        assertThatThrownBy(() -> guard.around(good).block()).isInstanceOf(CallNotPermittedException.class);
        assertThat(registry.get("guildcast.gateway.breaker.state")
                        .tag("breaker", "t")
                        .gauge()
                        .value())
                .isEqualTo(2);
        await().until(() -> guard.around(good).onErrorReturn(0).block() == 1);
        assertThat(guard.state()).isEqualTo(CallGuard.State.HALF_OPEN);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.around(good).block()).isEqualTo(1);
        assertThat(guard.state()).isEqualTo(CallGuard.State.CLOSED);
    }

    @Test
    void timesOutASlowCallAndCountsItAsFailed() {
        var guard = new CallGuard("t", SHORT_LIMITS, registry);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> guard.around(Mono.never()).block()).hasCauseInstanceOf(TimeoutException.class);
        }
        assertThat(guard.state()).isEqualTo(CallGuard.State.OPEN);
    }

    @Test
    void rejectsCallsAboveTheConcurrencyLimit() {
        var guard = new CallGuard(
                "t", new CallGuardSettings(Duration.ofSeconds(30), 3, 4, Duration.ofSeconds(5), 3), registry);
        var calls = new ArrayList<Disposable>();
        for (int i = 0; i < 3; i++) {
            calls.add(guard.around(Mono.never()).subscribe());
        }
        assertThatThrownBy(() -> guard.around(Mono.just(1)).block()).isInstanceOf(BulkheadFullException.class);
        calls.forEach(Disposable::dispose);
        assertThat(guard.around(Mono.just(1)).block()).isEqualTo(1);
    }

    @Test
    void anExpectedErrorIsNoFailure() {
        var guard = new CallGuard("t", SHORT_LIMITS, registry, IllegalArgumentException.class::isInstance);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> guard.around(Mono.error(new IllegalArgumentException("no")))
                            .block())
                    .hasMessage("no");
        }
        assertThat(guard.state()).isEqualTo(CallGuard.State.CLOSED);
    }
}
