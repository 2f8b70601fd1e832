package dev.guildcast.fanout.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A machine restored from its checkpoints continues exactly like one that never stopped.
class CheckpointPropertyTest {
    private static final int ROUNDS = 40;

    @Test
    void aRestoredMachineContinuesLikeOneThatNeverStopped() {
        long base = Long.getLong("guildcast.seed", System.nanoTime());
        for (int round = 0; round < ROUNDS; round++) {
            run(base + round);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void andSoDoKnownSeeds(long seed) {
        run(seed);
    }

    private static void run(long seed) {
        var random = new Random(seed);
        var randomRecords = new RandomRecords(random);
        var steady = new GuildShardHarness();
        var restarted = new GuildShardHarness();
        for (int i = 0; i < 400; i++) {
            var step = randomRecords.next();
            steady.nowMillis += 50;
            restarted.nowMillis += 50;
            List<Emitted> one = steady.apply(step.record(), step.source());
            List<Emitted> other = restarted.apply(step.record(), step.source());
            assertThat(other)
                    .as("outputs of step %d, seed %d: -Dguildcast.seed=%d", i, seed, seed)
                    .isEqualTo(one);
            if (random.nextInt(25) == 0) {
                restarted.checkpoint();
                if (random.nextBoolean()) {
                    restarted.restart();
                }
            }
        }
        steady.checkpoint();
        restarted.checkpoint();
        assertThat(restarted.deadLetters).isEqualTo(steady.deadLetters);
        assertThat(restarted.checkpoint.keySet()).as("state, seed %d", seed).isEqualTo(steady.checkpoint.keySet());
        steady.checkpoint.forEach((key, value) -> assertThat(restarted.checkpoint.get(key))
                .as("%s, seed %d", key, seed)
                .isEqualTo(value));
    }
}
