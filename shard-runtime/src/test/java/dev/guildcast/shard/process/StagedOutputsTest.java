package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagedOutputsTest {
    private static final ShardId SELF = ShardId.guild(0);
    private static final ShardId ONE = ShardId.session(1);
    private static final ShardId OTHER = ShardId.session(2);

    private final OutputPositions sequencing = new OutputPositions();
    private final Outbox outbox = new Outbox(SELF, 100);
    private final StagedOutputs stagedOutputs = new StagedOutputs(sequencing, outbox);
    private final List<Origin> emitted = new ArrayList<>();

    @Test
    void linksTheOutputsOfEachTargetAcrossRecords() {
        apply(4, ONE, OTHER, ONE);
        apply(6, ONE);
        assertThat(positions()).containsExactly("4.0<-1.-1", "4.0<-1.-1", "4.1<4.0", "6.0<4.1");
        assertThat(sequencing.lastEmitted(ONE)).isEqualTo(new OutputPosition(6, 0));
        assertThat(sequencing.lastEmitted(OTHER)).isEqualTo(new OutputPosition(4, 0));
    }

    @Test
    void discardedOutputsLeaveNoGapInTheSequence() {
        apply(4, ONE);
        stagedOutputs.begin(context(5), Lane.LOG);
        emit(ONE);
        stagedOutputs.deadLetter("discarded");
        stagedOutputs.discard();
        assertThat(stagedOutputs.deadLetters()).isEmpty();
        apply(6, ONE);
        assertThat(positions()).containsExactly("4.0<-1.-1", "6.0<4.0");
    }

    @Test
    void anEphemeralOutputNamesTheLastDurableOneAndMovesNoPosition() {
        apply(4, ONE);
        stagedOutputs.begin(context(100), Lane.EPHEMERAL);
        emit(ONE);
        stagedOutputs.commit(5);
        assertThat(positions()).containsExactly("4.0<-1.-1", "100.0<4.0");
        assertThat(sequencing.lastEmitted(ONE)).isEqualTo(new OutputPosition(4, 0));
    }

    @Test
    void anEphemeralRecordHasOneOutputPerTarget() {
        stagedOutputs.begin(context(100), Lane.EPHEMERAL);
        emit(ONE);
        emit(OTHER);
        assertThatIllegalStateException().isThrownBy(() -> emit(ONE)).withMessageContaining("second ephemeral output");
    }

    private void apply(long offset, ShardId... targets) {
        stagedOutputs.begin(context(offset), Lane.LOG);
        for (var target : targets) {
            emit(target);
        }
        stagedOutputs.commit(offset);
    }

    private void emit(ShardId target) {
        stagedOutputs.emit(target, origin -> {
            emitted.add(origin);
            return new byte[0];
        });
    }

    private List<String> positions() {
        outbox.pump((entry, target, record) -> {});
        return emitted.stream()
                .map(origin -> origin.getOffset() + "." + origin.getIndex() + "<" + origin.getPrevOffset() + "."
                        + origin.getPrevIndex())
                .toList();
    }

    private static RecordContext context(long offset) {
        return new RecordContext(SELF, offset, 1_000, null, 1);
    }
}
