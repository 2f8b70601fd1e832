package dev.guildcast.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(1));

    @Test
    void doublesUpToTheMaximum() {
        assertThat(backoff.nextDelay(Duration.ZERO)).hasSeconds(1);
        assertThat(backoff.nextDelay(Duration.ZERO)).hasSeconds(2);
        assertThat(backoff.nextDelay(Duration.ZERO)).hasSeconds(4);
        assertThat(backoff.nextDelay(Duration.ZERO)).hasSeconds(5);
        assertThat(backoff.nextDelay(Duration.ofSeconds(59))).hasSeconds(5);
    }

    @Test
    void resetsAfterALongUptime() {
        backoff.nextDelay(Duration.ZERO);
        backoff.nextDelay(Duration.ZERO);
        assertThat(backoff.nextDelay(Duration.ofMinutes(1))).hasSeconds(1);
    }

    @Test
    void rejectsAMaximumBelowTheInitialDelay() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO))
                .hasMessageContaining("expected: 0 < initial <= max");
    }
}
