package dev.guildcast.voiceserver.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadShedderTest {
    private static final long TURN = Duration.ofMillis(5).toNanos();

    private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();
    private final LoadShedder shedder = new LoadShedder(0.85, 0.95, 0.7, nowNanos);

    @Test
    void givesUpVideoThenScreensWithinAFifthOfASecond() {
        run(0.8, Duration.ofSeconds(2));
        assertThat(shedder.level()).isEqualTo(LoadLevel.NORMAL);
        assertThat(shedder.busyShare()).isCloseTo(0.8, within(0.01));
        run(0.9, Duration.ofMillis(200));
        assertThat(shedder.level()).isEqualTo(LoadLevel.WITHOUT_VIDEO);
        run(1, Duration.ofMillis(200));
        assertThat(shedder.level()).isEqualTo(LoadLevel.VOICE_ONLY);
    }

    @Test
    void skipsALevelWhenItMust() {
        run(1, Duration.ofMillis(200));
        assertThat(shedder.level()).isEqualTo(LoadLevel.VOICE_ONLY);
    }

    @Test
    void takesBackOneLevelASecondAndOnlyWhileItIsCalm() {
        run(1, Duration.ofMillis(200));
        run(0.8, Duration.ofSeconds(10));
        assertThat(shedder.level()).isEqualTo(LoadLevel.VOICE_ONLY);
        run(0.5, Duration.ofMillis(900));
        assertThat(shedder.level()).isEqualTo(LoadLevel.VOICE_ONLY);
        run(0.5, Duration.ofMillis(200));
        assertThat(shedder.level()).isEqualTo(LoadLevel.WITHOUT_VIDEO);
        run(0.5, Duration.ofMillis(800));
        assertThat(shedder.level()).isEqualTo(LoadLevel.WITHOUT_VIDEO);
        run(0.5, Duration.ofMillis(300));
        assertThat(shedder.level()).isEqualTo(LoadLevel.NORMAL);
    }

    @Test
    void isNotDeceivedByOneTurnThatIsLonger() {
        run(0.1, Duration.ofMillis(200));
        long longer = Duration.ofMillis(500).toNanos();
        nowNanos += longer;
        shedder.onTurn(longer, nowNanos);
        run(0.1, Duration.ofMillis(200));
        assertThat(shedder.level()).isEqualTo(LoadLevel.NORMAL);
    }

    private void run(double share, Duration time) {
        for (long passed = 0; passed < time.toNanos(); passed += TURN) {
            nowNanos += TURN;
            shedder.onTurn((long) (share * TURN), nowNanos);
        }
    }
}
