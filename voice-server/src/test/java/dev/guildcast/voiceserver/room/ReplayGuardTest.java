package dev.guildcast.voiceserver.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayGuardTest {
    private final ReplayGuard guard = new ReplayGuard();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void learnsInWhichOrderTheBytesCount(boolean lowestByteFirst) {
        for (int counter = 250; counter < 270; counter++) {
            int nonce = lowestByteFirst ? Integer.reverseBytes(counter) : counter;
            assertThat(guard.isNew(nonce, counter)).isTrue();
            assertThat(guard.accept(nonce, counter)).isTrue();
        }
        for (int counter = 250; counter < 270; counter++) {
            int nonce = lowestByteFirst ? Integer.reverseBytes(counter) : counter;
            // Under another sequence, which the counter makes irrelevant.
            assertThat(guard.isNew(nonce, counter + 5000)).isFalse();
        }
    }

    @Test
    void learnsFromPacketsThatOvertookEachOther() {
        for (int counter : new int[] {9, 4, 7}) {
            assertThat(guard.isNew(counter, counter)).isTrue();
            guard.accept(counter, counter);
        }
        assertThat(guard.isNew(4, 5000)).isFalse();
        assertThat(guard.isNew(8, 5001)).isTrue();
        assertThat(guard.accept(8, 5001)).as("latest").isFalse();
        assertThat(guard.accept(10, 5002)).as("latest").isTrue();
    }

    @Test
    void takesNoPacketForSeenBecauseOfOneFarBehindItWhileLearning() {
        guard.accept(9000, 1);
        guard.accept(10, 2);
        assertThat(guard.isNew(10, 3)).isFalse();
        for (int counter = 9000 - CounterWindow.SIZE + 1; counter < 9000; counter++) {
            assertThat(guard.isNew(counter, 4)).as("counter " + counter).isTrue();
        }
    }

    @Test
    void goesByTheSequenceForASenderThatDoesNotCount() {
        var random = new Random(1);
        for (int sequence = 0; sequence < 100; sequence++) {
            int nonce = random.nextInt();
            assertThat(guard.isNew(nonce, sequence)).isTrue();
            assertThat(guard.accept(nonce, sequence)).isTrue();
            assertThat(guard.isNew(nonce, sequence)).isFalse();
        }
    }

    @Test
    void takesNothingWithoutASequenceForTheLatestBeforeItHasLearnt() {
        assertThat(guard.isNew(1, ReplayGuard.NO_SEQUENCE)).isTrue();
        assertThat(guard.accept(1, ReplayGuard.NO_SEQUENCE)).isFalse();
        assertThat(guard.isNew(1, ReplayGuard.NO_SEQUENCE)).isFalse();
        guard.accept(2, ReplayGuard.NO_SEQUENCE);
        assertThat(guard.accept(3, ReplayGuard.NO_SEQUENCE)).isTrue();
    }
}
