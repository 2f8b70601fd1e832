package dev.guildcast.voiceserver.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterWindowTest {
    @ParameterizedTest
    @ValueSource(ints = {0, Integer.MAX_VALUE - 3000, -3000, Integer.MIN_VALUE})
    void agreesWithASetAcrossTheWrap(int start) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var window = new CounterWindow();
        Set<Long> seen = new HashSet<>();
        long highest = start;
        boolean started = false;
        for (int i = 0; i < 20_000; i++) {
            long number = started ? highest + random.nextInt(-1200, random.nextInt(50) == 0 ? 3000 : 4) : start;
            boolean isNew = !started || number > highest - CounterWindow.SIZE && !seen.contains(number);
            assertThat(window.isNew((int) number))
                    .as("seed " + seed + ", number " + number)
                    .isEqualTo(isNew);
            if (isNew) {
                assertThat(window.accept((int) number)).as("seed " + seed).isEqualTo(!started || number > highest);
                seen.add(number);
                highest = started ? Math.max(highest, number) : number;
                started = true;
            }
        }
    }

    @Test
    void readsSixteenBitsAsTheNearestNumber() {
        var window = new CounterWindow();
        assertThat(window.extended(65_000)).isEqualTo(65_000);
        window.accept(65_530);
        assertThat(window.extended(65_535)).isEqualTo(65_535);
        assertThat(window.extended(3)).isEqualTo(65_539);
        window.accept(65_539);
        assertThat(window.extended(65_535)).isEqualTo(65_535);
        assertThat(window.extended(40_000)).isEqualTo(40_000);
    }
}
