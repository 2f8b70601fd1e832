package dev.guildcast.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.ShardId;
import org.junit.jupiter.api.Test;

class ShardTest {
    private final Shard fresh = Shard.fresh(ShardId.guild(1));

    @Test
    void eachTransferUsesAnEpochAboveAllObservedOnes() {
        assertThat(fresh.transferring("a").orderedEpoch()).isOne();
        var active = fresh.transferring("a").active("a", 1).withObservedEpoch(7);
        assertThat(active.draining("b").transferring("b").orderedEpoch()).isEqualTo(8);
        assertThat(active.withObservedEpoch(3)).isSameAs(active);
    }

    @Test
    void losingItsOwnerKeepsTheEpochs() {
        var lost = fresh.transferring("a").active("a", 1).unassigned();
        assertThat(lost.owner()).isNull();
        assertThat(lost.epochMax()).isOne();
        assertThat(lost.transferring("b").orderedEpoch()).isEqualTo(2);
    }

    @Test
    void rejectsAPhaseWithoutItsNodes() {
        assertThatThrownBy(() -> fresh.draining("b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fresh.active("a", 1).draining("b").withoutOwner())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Shard(ShardId.guild(0), ShardPhase.ACTIVE, "a", 5, null, 0, 4, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
