package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import org.junit.jupiter.api.Test;

class OutputPositionsTest {
    private static final ShardId SOURCE = ShardId.guild(1);

    private final OutputPositions sequencing = new OutputPositions();

    @Test
    void acceptsEachOutputOnceAndInOrder() {
        assertThat(sequencing.accept(SOURCE, at(5, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(SOURCE, at(5, 1, new OutputPosition(5, 0))))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(SOURCE, at(5, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.DUPLICATE);
        assertThat(sequencing.accept(SOURCE, at(5, 1, new OutputPosition(5, 0))))
                .isEqualTo(OutputPositions.PositionCheck.DUPLICATE);
    }

    @Test
    void anOutputWithoutItsPredecessorIsAGapUntilThatArrives() {
        var late = at(9, 0, new OutputPosition(7, 0));
        assertThat(sequencing.accept(SOURCE, late)).isEqualTo(OutputPositions.PositionCheck.GAP);
        assertThat(sequencing.accept(SOURCE, at(7, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(SOURCE, late)).isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
    }

    @Test
    void aPositionAboveThePredecessorIsNoGap() {
        // The emitter restarted from a checkpoint before 7: its next output names an older predecessor.
        assertThat(sequencing.accept(SOURCE, at(7, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(SOURCE, at(8, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
    }

    @Test
    void sourcesAreIndependent() {
        assertThat(sequencing.accept(SOURCE, at(5, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(ShardId.guild(2), at(5, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(ShardId.session(1), at(5, 0, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
    }

    @Test
    void anEphemeralOutputIsAcceptedOnceAndOnlyForTheLastAcceptedPosition() {
        sequencing.accept(SOURCE, at(5, 0, OutputPosition.NONE));
        assertThat(sequencing.accept(SOURCE, ephemeral(100, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.STALE);
        assertThat(sequencing.accept(SOURCE, ephemeral(100, new OutputPosition(5, 0))))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(sequencing.accept(SOURCE, ephemeral(100, new OutputPosition(5, 0))))
                .isEqualTo(OutputPositions.PositionCheck.STALE);
        assertThat(sequencing.accept(SOURCE, ephemeral(101, new OutputPosition(6, 0))))
                .isEqualTo(OutputPositions.PositionCheck.STALE);
        assertThat(sequencing.accept(SOURCE, ephemeral(102, new OutputPosition(5, 0))))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
    }

    @Test
    void drainedEntitiesRestoreTheSamePositions() {
        sequencing.accept(SOURCE, at(5, 2, OutputPosition.NONE));
        sequencing.accept(SOURCE, ephemeral(40, new OutputPosition(5, 2)));
        sequencing.recordEmitted(ShardId.session(3), new OutputPosition(11, 1));
        var restored = new OutputPositions();
        sequencing
                .drainDirty()
                .forEach(
                        (key, value) -> assertThat(restored.restore(key, value)).isTrue());
        assertThat(sequencing.drainDirty()).isEmpty();
        assertThat(restored.accept(SOURCE, at(5, 2, OutputPosition.NONE)))
                .isEqualTo(OutputPositions.PositionCheck.DUPLICATE);
        assertThat(restored.accept(SOURCE, ephemeral(40, new OutputPosition(5, 2))))
                .isEqualTo(OutputPositions.PositionCheck.STALE);
        assertThat(restored.accept(SOURCE, ephemeral(41, new OutputPosition(5, 2))))
                .isEqualTo(OutputPositions.PositionCheck.ACCEPTED);
        assertThat(restored.lastEmitted(ShardId.session(3))).isEqualTo(new OutputPosition(11, 1));
        assertThat(restored.lastEmitted(ShardId.session(4))).isEqualTo(OutputPosition.NONE);
        assertThat(restored.restore("member/1", new byte[12])).isFalse();
    }

    private static Origin at(long offset, int index, OutputPosition previous) {
        return Origin.newBuilder()
                .setOffset(offset)
                .setIndex(index)
                .setPrevOffset(previous.offset())
                .setPrevIndex(previous.index())
                .build();
    }

    private static Origin ephemeral(long offset, OutputPosition lastDurable) {
        return at(offset, 0, lastDurable).toBuilder().setLane(Lane.EPHEMERAL).build();
    }
}
