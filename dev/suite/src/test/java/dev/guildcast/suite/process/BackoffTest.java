package dev.guildcast.suite.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(1));

    @Test
    void doublesUpToTheLongestPause() {
        assertThat(backoff.afterLifeOf(Duration.ZERO)).hasSeconds(1);
        assertThat(backoff.afterLifeOf(Duration.ZERO)).hasSeconds(2);
        assertThat(backoff.afterLifeOf(Duration.ZERO)).hasSeconds(4);
        assertThat(backoff.afterLifeOf(Duration.ZERO)).hasSeconds(5);
        assertThat(backoff.afterLifeOf(Duration.ofSeconds(59))).hasSeconds(5);
    }

    @Test
    void startsAnewAfterALongLife() {
        backoff.afterLifeOf(Duration.ZERO);
        backoff.afterLifeOf(Duration.ZERO);
        assertThat(backoff.afterLifeOf(Duration.ofMinutes(1))).hasSeconds(1);
    }

    @Test
    void refusesPausesThatShrink() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO))
                .hasMessageContaining("expected: 0 < first <= longest");
    }
}
