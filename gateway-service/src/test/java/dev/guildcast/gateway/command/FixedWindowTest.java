package dev.guildcast.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FixedWindowTest {
    @Test
    void givesTheLimitInEachWindowFromItsStart() {
        var window = new FixedWindow(2, 60, 100);
        assertThat(window.tryTake(100)).isTrue();
        assertThat(window.tryTake(159)).isTrue();
        assertThat(window.tryTake(159)).isFalse();
        assertThat(window.tryTake(160)).isTrue();
        assertThat(window.tryTake(219)).isTrue();
        assertThat(window.tryTake(219)).isFalse();
    }

    @Test
    void keepsItsBoundariesOverQuietWindows() {
        var window = new FixedWindow(1, 60, 0);
        assertThat(window.tryTake(190)).isTrue();
        assertThat(window.tryTake(239)).isFalse();
        assertThat(window.tryTake(240)).isTrue();
    }

    @Test
    void worksWhenTheClockWrapsRound() {
        var window = new FixedWindow(1, 60, Long.MAX_VALUE - 10);
        assertThat(window.tryTake(Long.MAX_VALUE)).isTrue();
        assertThat(window.tryTake(Long.MIN_VALUE + 20)).isFalse();
        assertThat(window.tryTake(Long.MIN_VALUE + 60)).isTrue();
    }
}
