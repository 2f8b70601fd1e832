package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StagingTest {
    private static final ShardId SELF = ShardId.guild(0);
    private static final ShardId ONE = ShardId.session(1);
    private static final ShardId OTHER = ShardId.session(2);

    private final Chain chain = new Chain();
    private final Outbox outbox = new Outbox(SELF, 100);
    private final Staging staging = new Staging(chain, outbox);
    private final List<Origin> emitted = new ArrayList<>();

    @Test
    void chainsTheOutputsOfEachTargetAcrossRecords() {
        apply(4, ONE, OTHER, ONE);
        apply(6, ONE);
        assertThat(places()).containsExactly("4.0<-1.-1", "4.0<-1.-1", "4.1<4.0", "6.0<4.1");
        assertThat(chain.lastEmitted(ONE)).isEqualTo(new Mark(6, 0));
        assertThat(chain.lastEmitted(OTHER)).isEqualTo(new Mark(4, 0));
    }

    @Test
    void whatIsDiscardedLeavesNoTraceInTheChain() {
        apply(4, ONE);
        staging.begin(at(5), Lane.LOG);
        emit(ONE);
        staging.deadLetter("never said");
        staging.discard();
        assertThat(staging.deadLetters()).isEmpty();
        apply(6, ONE);
        assertThat(places()).containsExactly("4.0<-1.-1", "6.0<4.0");
    }

    @Test
    void anEphemeralOutputNamesTheLastDurableOneAndMovesNoMark() {
        apply(4, ONE);
        staging.begin(at(100), Lane.EPHEMERAL);
        emit(ONE);
        staging.publish(5);
        assertThat(places()).containsExactly("4.0<-1.-1", "100.0<4.0");
        assertThat(chain.lastEmitted(ONE)).isEqualTo(new Mark(4, 0));
    }

    @Test
    void anEphemeralRecordSpeaksToEachTargetOnce() {
        staging.begin(at(100), Lane.EPHEMERAL);
        emit(ONE);
        emit(OTHER);
        assertThatIllegalStateException().isThrownBy(() -> emit(ONE)).withMessageContaining("second ephemeral output");
    }

    private void apply(long offset, ShardId... targets) {
        staging.begin(at(offset), Lane.LOG);
        for (var target : targets) {
            emit(target);
        }
        staging.publish(offset);
    }

    private void emit(ShardId target) {
        staging.emit(target, origin -> {
            emitted.add(origin);
            return new byte[0];
        });
    }

    private List<String> places() {
        outbox.pump((entry, target, record) -> {});
        return emitted.stream()
                .map(origin -> origin.getOffset() + "." + origin.getIndex() + "<" + origin.getPrevOffset() + "."
                        + origin.getPrevIndex())
                .toList();
    }

    private static RecordContext at(long offset) {
        return new RecordContext(SELF, offset, 1_000, null, 1);
    }
}
