package dev.guildcast.coordinator.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.coordinator.director.DirectorSimulation;
import org.junit.jupiter.api.Test;

class ShardDirectorSimulationTest {
    /// `-Dsimulation.seeds=100000` for a long run, `-Dsimulation.first=N` to repeat one.
    private static final long FIRST = Long.getLong("simulation.first", 1);

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 300);

    @Test
    void servesEveryShardAfterRandomFaults() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                new DirectorSimulation(seed).run();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
            }
        }
    }

    @Test
    void decidesTheSameForTheSameSeed() {
        for (long seed = FIRST; seed < FIRST + 20; seed++) {
            var once = new DirectorSimulation(seed);
            once.run();
            var again = new DirectorSimulation(seed);
            again.run();
            assertThat(again.history).as("seed %d", seed).isEqualTo(once.history);
            assertThat(once.history).as("seed %d", seed).hasSizeGreaterThan(10);
        }
    }
}
