package dev.guildcast.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Runs the whole delivery path through every fault, from many seeds. `-Dguildcast.simulation.seed=N` repeats one run
/// exactly, `-Dguildcast.simulation.steps=N` makes each longer, `-Dguildcast.simulation.digests=FILE` writes the digest
/// of each seed's history to a file: the files of two builds that behave alike are identical.
class DeliverySimulationTest {
    static final int STEPS = Integer.getInteger("guildcast.simulation.steps", 1_500);

    private static final long SEEDS_IN_THE_BUILD = 600;

    @Test
    void everyClientReceivesWhatItIsEntitledToUnderEveryFault() throws IOException {
        long only = Long.getLong("guildcast.simulation.seed", -1);
        var results = only < 0 ? SeedRunner.run(0, SEEDS_IN_THE_BUILD, STEPS) : SeedRunner.run(only, 1, STEPS);
        assertNoFailures(results);
        writeDigests(results);
        if (only < 0) {
            assertThat(results.counts())
                    .as("what must have happened for the runs to mean something")
                    .containsKeys(
                            "resumed",
                            "repeats",
                            "gaps",
                            "split brains",
                            "hand-overs",
                            "lost sends",
                            "lingering owners",
                            "paused at their claims",
                            "closes that came too late",
                            "expired",
                            "overrun",
                            "superseded",
                            "TYPING_START",
                            "ephemeral dropped",
                            "CHANNEL_CREATE",
                            "CHANNEL_DELETE",
                            "GUILD_MEMBERS_CHUNK");
        }
    }

    @Test
    void aSeedReproducesItsRunExactly() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(DeliverySimulation.run(seed, STEPS, Set.of()))
                    .isEqualTo(DeliverySimulation.run(seed, STEPS, Set.of()));
        }
    }

    /// `-Dguildcast.simulation.seeds=N` runs so many, `-Dguildcast.simulation.first=N` from that one on.
    @Test
    @Tag("long")
    void itHoldsForVeryManySeeds() {
        assertNoFailures(SeedRunner.run(
                Long.getLong("guildcast.simulation.first", SEEDS_IN_THE_BUILD),
                Long.getLong("guildcast.simulation.seeds", 10_000),
                STEPS));
    }

    private static void writeDigests(SeedRunner.SeedResults results) throws IOException {
        String file = System.getProperty("guildcast.simulation.digests", "");
        if (!file.isEmpty()) {
            var lines = new ArrayList<String>();
            results.digests().forEach((seed, digest) -> lines.add(seed + " " + digest));
            Files.write(Path.of(file), lines);
        }
    }

    static void assertNoFailures(SeedRunner.SeedResults results) {
        System.getLogger("simulation")
                .log(System.Logger.Level.INFO, "{0} runs: {1}", Long.toString(results.ran()), results.counts());
        results.failures().forEach((seed, failure) -> {
            throw new AssertionError(
                    "seed " + seed + ": " + failure.getMessage() + " (repeat it with -Dguildcast.simulation.seed="
                            + seed + "); " + results.ran() + " seeds have run, failed: "
                            + results.failures().keySet(),
                    failure);
        });
    }
}
