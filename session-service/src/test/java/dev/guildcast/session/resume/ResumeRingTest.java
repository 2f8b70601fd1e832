package dev.guildcast.session.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResumeRingTest {
    @Test
    void replaysFromTheOldestReferenceHeldAndNotFromBefore() {
        var ring = filled(16, 20);
        assertThat(ring.firstSequence()).isEqualTo(5);
        assertThat(ring.replayableAfter(4)).isTrue();
        assertThat(ring.replayableAfter(3)).isFalse();
        assertThat(ring.replayableAfter(20)).isTrue();
        assertThat(ring.replayableAfter(21)).isFalse();
        assertThat(ring.offset(5)).isEqualTo(50);
    }

    @Test
    void refusesASequenceThatLeavesAGap() {
        var ring = filled(16, 3);
        assertThatIllegalStateException().isThrownBy(() -> ring.append(5, 60));
        assertThatIllegalStateException().isThrownBy(() -> ring.append(3, 60));
    }

    @Test
    void refusesAnOffsetThatDoesNotAscend() {
        var ring = filled(16, 3);
        assertThatIllegalStateException().isThrownBy(() -> ring.append(4, 30));
    }

    @Test
    void knowsNoOffsetOfASequenceThatItDoesNotHold() {
        var ring = filled(16, 20);
        assertThatIllegalArgumentException().isThrownBy(() -> ring.offset(4));
        assertThatIllegalArgumentException().isThrownBy(() -> ring.offset(21));
    }

    @Test
    void growsFromSixteenByDoublingAndGivesMemoryBack() {
        var ring = filled(1024, 17);
        assertThat(ring.capacity()).isEqualTo(32);
        for (int s = 18; s <= 300; s++) {
            ring.append(s, s * 10L);
        }
        assertThat(ring.capacity()).isEqualTo(512);
        ring.forgetBelow(2_950);
        assertThat(ring.count()).isEqualTo(6);
        assertThat(ring.capacity()).isEqualTo(16);
        assertThat(ring.offsets()).containsExactly(2_950, 2_960, 2_970, 2_980, 2_990, 3_000);
    }

    @Test
    void keepsCountingWhenEverythingIsForgotten() {
        var ring = filled(16, 3);
        ring.forgetBelow(1_000);
        assertThat(ring.count()).isZero();
        assertThat(ring.replayableAfter(3)).isTrue();
        assertThat(ring.replayableAfter(2)).isFalse();
        ring.append(4, 2_000);
        assertThat(ring.offset(4)).isEqualTo(2_000);
    }

    @Test
    void holdsOffsetsBeyondThirtyTwoBits() {
        var ring = new ResumeRing(16);
        ring.append(1, 10);
        ring.append(2, 0xFFFF_FFFFL + 10);
        assertThat(ring.offsets()).containsExactly(10, 0xFFFF_FFFFL + 10);
        ring.append(3, 0xFFFF_FFFFL + 11); // 10 is too far away to be held relative to it
        assertThat(ring.offsets()).containsExactly(0xFFFF_FFFFL + 10, 0xFFFF_FFFFL + 11);
        ring.append(4, 1L << 47);
        assertThat(ring.offsets()).containsExactly(1L << 47);
    }

    @Test
    void acceptsOnlyPowersOfTwo() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ResumeRing(100));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResumeRing(8));
    }

    @Test
    void behavesAsAPlainQueueDoes() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var ring = new ResumeRing(64);
        var model = new ArrayDeque<Long>();
        long offset = 0;
        int sequence = 0;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(20) == 0) {
                long horizon = offset - random.nextInt(200);
                ring.forgetBelow(horizon);
                model.removeIf(each -> each < horizon);
            } else {
                offset += 1 + (random.nextInt(500) == 0 ? 1L << random.nextInt(34) : random.nextInt(8));
                ring.append(++sequence, offset);
                model.addLast(offset);
                long newest = offset;
                model.removeIf(each -> newest - each > 0xFFFF_FFFFL);
                if (model.size() > 64) {
                    model.removeFirst();
                }
            }
            assertThat(ring.offsets())
                    .as("seed %d, step %d", seed, i)
                    .containsExactly(model.stream().mapToLong(Long::longValue).toArray());
            if (random.nextInt(50) == 0) {
                ring = ResumeRing.of(64, ring.lastSequence(), ring.offsets());
            }
        }
    }

    private static ResumeRing filled(int max, int sequences) {
        var ring = new ResumeRing(max);
        for (int s = 1; s <= sequences; s++) {
            ring.append(s, s * 10L);
        }
        return ring;
    }
}
