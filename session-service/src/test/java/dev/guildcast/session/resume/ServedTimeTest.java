package dev.guildcast.session.resume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServedTimeTest {
    private final ServedTime served = new ServedTime(Duration.ofMinutes(5));

    @Test
    void forgetsNothingWithinTheWindow() {
        for (int i = 0; i <= 19; i++) {
            served.onMark(i * 100L, 1_000 + i * 15_000L);
        }
        assertThat(served.horizon()).isZero();
    }

    @Test
    void forgetsWhatLiesBeforeAMarkOlderThanTheWindow() {
        for (int i = 0; i <= 21; i++) {
            served.onMark(i * 100L, 1_000 + i * 15_000L);
        }
        assertThat(served.horizon()).isEqualTo(100);
    }

    @Test
    void countsAnOutageAsHalfAMinute() {
        served.onMark(1, 1_000);
        served.onMark(2, 1_000 + Duration.ofHours(5).toMillis());
        assertThat(served.state().servedMillis()).isEqualTo(30_000);
        assertThat(served.horizon()).isZero();
    }

    @Test
    void isNotMovedBackByALogWhoseClockGoesBack() {
        served.onMark(1, 10_000);
        served.onMark(2, 5_000);
        served.onMark(3, 11_000);
        assertThat(served.state().servedMillis()).isEqualTo(1_000);
    }

    @Test
    void keepsAtMostOneMarkForEachSecond() {
        for (int i = 0; i < 100_000; i++) {
            served.onMark(i, 1_000 + i * 10L);
        }
        assertThat(served.state().marks()).hasSizeLessThan(305);
        assertThat(served.horizon()).isEqualTo(69_900);
    }

    @Test
    void goesOnFromACheckpointAsWithout() {
        var restored = new ServedTime(Duration.ofMinutes(5));
        for (int i = 0; i < 60; i++) {
            served.onMark(i, 1_000 + i * 7_000L);
            restored.onMark(i, 1_000 + i * 7_000L);
            var again = new ServedTime(Duration.ofMinutes(5));
            again.restore(restored.state());
            restored = again;
            assertThat(restored.horizon()).isEqualTo(served.horizon());
            assertThat(restored.state()).isEqualTo(served.state());
        }
    }
}
