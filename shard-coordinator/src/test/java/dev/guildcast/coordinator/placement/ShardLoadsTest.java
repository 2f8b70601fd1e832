package dev.guildcast.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildcast.contract.ShardId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShardLoadsTest {
    private static final ShardId A = ShardId.session(0);
    private static final ShardId B = ShardId.session(1);
    private final ShardLoads loads = new ShardLoads(Duration.ofSeconds(10));

    @Test
    void shardsWeighTheSameUntilSomethingIsKnown() {
        assertThat(loads.weights().of(A)).isEqualTo(loads.weights().of(B)).isPositive();
    }

    @Test
    void halfACoreOfCpuIsFiveHundredThousandthsAndAnUnknownShardWeighsTheMeanOfItsKind() {
        loads.report(A, 999_999, 0);
        loads.report(A, 500_000, 1_000);
        assertThat(loads.weights().of(A)).isEqualTo(ShardLoads.BASE_WEIGHT + 500);
        assertThat(loads.weights().of(B)).isEqualTo(ShardLoads.BASE_WEIGHT + 500);
        assertThat(loads.weights().of(ShardId.guild(0))).isEqualTo(ShardLoads.BASE_WEIGHT);
    }

    @Test
    void aLoadCountsHalfAfterTheHalfLife() {
        loads.report(A, 0, 0);
        loads.report(A, 400_000, 1_000);
        loads.report(A, 0, 11_000);
        assertThat(loads.weights().of(A)).isCloseTo(ShardLoads.BASE_WEIGHT + 200, within(1e-6));
    }

    @Test
    void mergesReportsInQuickSuccession() {
        loads.report(A, 0, 0);
        loads.report(A, 100_000, 100);
        loads.report(A, 100_000, 150);
        loads.report(A, 200_000, 1_000);
        assertThat(loads.weights().of(A)).isCloseTo(ShardLoads.BASE_WEIGHT + 400, within(1e-6));
    }

    @Test
    void aNegativeReportCountsAsNone() {
        loads.report(A, 0, 0);
        loads.report(A, -5, 1_000);
        assertThat(loads.weights().of(A)).isEqualTo(ShardLoads.BASE_WEIGHT);
    }
}
