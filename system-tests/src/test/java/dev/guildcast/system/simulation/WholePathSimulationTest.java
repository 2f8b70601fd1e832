package dev.guildcast.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Runs the whole delivery path through every fault, from many seeds. `-Dguildcast.seed=N` repeats one run exactly,
/// `-Dguildcast.seeds=N` runs more of them, `-Dguildcast.steps=N` longer ones.
class WholePathSimulationTest {
    private static final int STEPS = Integer.getInteger("guildcast.steps", 1_500);

    @Test
    void everyClientGetsWhatItIsEntitledToThroughEveryFault() {
        long only = Long.getLong("guildcast.seed", -1);
        long first = only < 0 ? Long.getLong("guildcast.first", 0) : only;
        long seeds = only < 0 ? Long.getLong("guildcast.seeds", 200) : 1;
        var counts = new TreeMap<String, Integer>();
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                WholePath.run(seed, STEPS, Set.of()).forEach((what, times) -> counts.merge(what, times, Integer::sum));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ": " + e.getMessage() + " (repeat it with -Dguildcast.seed=" + seed + ")", e);
            }
        }
        if (only < 0 && seeds >= 100) {
            assertThat(counts)
                    .as("what must have happened for the runs to mean something")
                    .containsKeys(
                            "RESUMED".toLowerCase(java.util.Locale.ROOT),
                            "repeats",
                            "gaps",
                            "split brains",
                            "hand-overs",
                            "lost sends",
                            "expired",
                            "overrun",
                            "superseded",
                            "TYPING_START",
                            "ephemeral dropped",
                            "CHANNEL_CREATE",
                            "CHANNEL_DELETE",
                            "GUILD_MEMBERS_CHUNK");
        }
        System.getLogger("simulation").log(System.Logger.Level.INFO, "{0} runs: {1}", seeds, counts);
    }
}
