package dev.guildcast.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FixedWindowLimiterTest {
    @Test
    void grantsTheLimitInEachWindowFromItsStart() {
        var limiter = new FixedWindowLimiter(2, 60, 100);
        assertThat(limiter.tryAcquire(100)).isTrue();
        assertThat(limiter.tryAcquire(159)).isTrue();
        assertThat(limiter.tryAcquire(159)).isFalse();
        assertThat(limiter.tryAcquire(160)).isTrue();
        assertThat(limiter.tryAcquire(219)).isTrue();
        assertThat(limiter.tryAcquire(219)).isFalse();
    }

    @Test
    void keepsItsBoundariesOverIdleWindows() {
        var limiter = new FixedWindowLimiter(1, 60, 0);
        assertThat(limiter.tryAcquire(190)).isTrue();
        assertThat(limiter.tryAcquire(239)).isFalse();
        assertThat(limiter.tryAcquire(240)).isTrue();
    }

    @Test
    void worksWhenTheClockWrapsRound() {
        var limiter = new FixedWindowLimiter(1, 60, Long.MAX_VALUE - 10);
        assertThat(limiter.tryAcquire(Long.MAX_VALUE)).isTrue();
        assertThat(limiter.tryAcquire(Long.MIN_VALUE + 20)).isFalse();
        assertThat(limiter.tryAcquire(Long.MIN_VALUE + 60)).isTrue();
    }
}
