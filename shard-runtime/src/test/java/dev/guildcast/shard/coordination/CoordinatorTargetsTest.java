package dev.guildcast.shard.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatorTargetsTest {
    @Test
    void readsOneOrMoreAddresses() {
        assertThat(CoordinatorTargets.parse("a:1").addresses()).containsExactly("a:1");
        assertThat(CoordinatorTargets.parse("a:1, b.c:65535").addresses()).containsExactly("a:1", "b.c:65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a:", ":1", "a:0", "a:65536", "a:x", "a:1,", "a:1,b"})
    void refusesAMalformedAddressAndNamesIt(String text) {
        assertThatThrownBy(() -> CoordinatorTargets.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: host:port");
    }

    @Test
    void refusesNoAddressAtAll() {
        assertThatThrownBy(() -> new CoordinatorTargets(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesTimesThatContradict() {
        assertThatThrownBy(() -> new CoordinationTimes(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1)))
                .hasMessageContaining("renewEvery");
        assertThatThrownBy(
                        () -> new CoordinationTimes(Duration.ofSeconds(1), Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessageContaining("retryMax");
    }
}
