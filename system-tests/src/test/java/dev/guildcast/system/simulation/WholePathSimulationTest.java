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
/// of
/// each seed's history to a file: the files of two builds that behave alike are identical.
class WholePathSimulationTest {
    static final int STEPS = Integer.getInteger("guildcast.simulation.steps", 1_500);

    private static final long IN_THE_BUILD = 600;

    @Test
    void everyClientGetsWhatItIsEntitledToThroughEveryFault() throws IOException {
        long only = Long.getLong("guildcast.simulation.seed", -1);
        var outcome = only < 0 ? Seeds.run(0, IN_THE_BUILD, STEPS) : Seeds.run(only, 1, STEPS);
        hold(outcome);
        writeDigests(outcome);
        if (only < 0) {
            assertThat(outcome.counts())
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
    void aSeedRepeatsItsRunExactly() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(WholePath.run(seed, STEPS, Set.of())).isEqualTo(WholePath.run(seed, STEPS, Set.of()));
        }
    }

    /// `-Dguildcast.simulation.seeds=N` runs so many, `-Dguildcast.simulation.first=N` from that one on.
    @Test
    @Tag("long")
    void itHoldsForVeryManySeeds() {
        hold(Seeds.run(
                Long.getLong("guildcast.simulation.first", IN_THE_BUILD),
                Long.getLong("guildcast.simulation.seeds", 10_000),
                STEPS));
    }

    private static void writeDigests(Seeds.Outcome outcome) throws IOException {
        String file = System.getProperty("guildcast.simulation.digests", "");
        if (!file.isEmpty()) {
            var lines = new ArrayList<String>();
            outcome.digests().forEach((seed, digest) -> lines.add(seed + " " + digest));
            Files.write(Path.of(file), lines);
        }
    }

    private static void hold(Seeds.Outcome outcome) {
        System.getLogger("simulation")
                .log(System.Logger.Level.INFO, "{0} runs: {1}", Long.toString(outcome.ran()), outcome.counts());
        outcome.failures().forEach((seed, failure) -> {
            throw new AssertionError(
                    "seed " + seed + ": " + failure.getMessage() + " (repeat it with -Dguildcast.simulation.seed="
                            + seed + "); " + outcome.ran() + " seeds have run, failed: "
                            + outcome.failures().keySet(),
                    failure);
        });
    }
}
