package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.packet.PacketType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MediaFuzzTest {
    private static final long EXECUTIONS = 100_000;
    private static final long EXECUTIONS_LONG = 20_000_000;

    @Test
    void letsNothingThroughThatMustNotPass() {
        fuzz(EXECUTIONS);
    }

    @Test
    @Tag("long")
    void letsNothingThroughThatMustNotPassForLong() {
        fuzz(EXECUTIONS_LONG);
    }

    private static void fuzz(long executions) {
        long seed = Long.getLong("guildcast.fuzz.seed", System.nanoTime());
        var fuzz = new MediaFuzz(seed);
        try {
            fuzz.run(executions);
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError("-Dguildcast.fuzz.seed=" + seed, failed);
        }
        // Or it would have tested nothing.
        assertThat(fuzz.delivered()).as("seed " + seed).isGreaterThan(executions / 20);
        for (PacketType type : PacketType.values()) {
            assertThat(fuzz.fixture().relay.counts().received().of(type))
                    .as(type + ", seed " + seed)
                    .isPositive();
        }
        for (Dropped reason : new Dropped[] {
            Dropped.MALFORMED, Dropped.UNKNOWN, Dropped.UNPROVEN_RATE, Dropped.REPLAYED, Dropped.FORGED, Dropped.MUTED
        }) {
            assertThat(fuzz.fixture().dropped(reason))
                    .as(reason + ", seed " + seed)
                    .isPositive();
        }
    }
}
