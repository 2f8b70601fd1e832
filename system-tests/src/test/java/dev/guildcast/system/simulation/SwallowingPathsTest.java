package dev.guildcast.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// Runs the delivery path with all other faults while paths between gateways and session hosts swallow packets.
/// `-Dguildcast.simulation.seed=N` repeats one run exactly.
class SwallowingPathsTest {
    private static final int STEPS = DeliverySimulationTest.STEPS;
    private static final long SEEDS_IN_THE_BUILD = 600;

    @Test
    void nothingIsLostAndNoClientWaitsForLongWhenPathsSwallowPackets() {
        long only = Long.getLong("guildcast.simulation.seed", -1);
        var results =
                only < 0 ? SeedRunner.run(0, SEEDS_IN_THE_BUILD, STEPS, true) : SeedRunner.run(only, 1, STEPS, true);
        DeliverySimulationTest.assertNoFailures(results);
        if (only < 0) {
            assertThat(results.counts())
                    .as("what must have happened for the runs to mean something")
                    .containsKeys(
                            "paths swallow both ways",
                            "paths swallow to the gateway",
                            "paths swallow to the host",
                            "paths swallow one way, then the other",
                            "streams given up",
                            "closed: no owner",
                            "resumed",
                            "expired");
        }
    }

    @Test
    void aSeedReproducesItsRunExactly() {
        for (long seed = 0; seed < 3; seed++) {
            assertThat(DeliverySimulation.run(seed, STEPS, Set.of(), true))
                    .isEqualTo(DeliverySimulation.run(seed, STEPS, Set.of(), true));
        }
    }

    /// A simulator that did not detect a missing protection would prove nothing.
    @Test
    void aGatewayThatKeepsSilentStreamsIsDetected() {
        assertThatThrownBy(() -> DeliverySimulation.run(0, STEPS, Set.of(InjectedBug.SILENCE_IGNORED), true))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("keeps a stream that has been silent");
    }
}
