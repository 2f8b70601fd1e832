package dev.guildcast.voiceserver.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 500_000_000L, Long.MIN_VALUE, -1})
    void letsABurstThroughAndThenItsRateWhereverTheClockStands(long start) {
        var limit = new RateLimit(100, 10);
        assertThat(taken(limit, start, 50)).isEqualTo(10);
        assertThat(taken(limit, start + TimeUnit.MILLISECONDS.toNanos(50), 50)).isEqualTo(5);
        assertThat(taken(limit, start + TimeUnit.SECONDS.toNanos(60), 50)).isEqualTo(10);
    }

    @Test
    void needsARateAndABurst() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1, 0));
    }

    private static int taken(RateLimit limit, long nowNanos, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limit.tryTake(nowNanos) ? 1 : 0;
        }
        return taken;
    }
}
