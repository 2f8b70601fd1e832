package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.Lane;
import dev.guildcast.shard.v1.Origin;
import org.junit.jupiter.api.Test;

class ChainTest {
    private static final ShardId SOURCE = ShardId.guild(1);

    private final Chain chain = new Chain();

    @Test
    void acceptsEachOutputOnceAndInOrder() {
        assertThat(chain.accept(SOURCE, at(5, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(SOURCE, at(5, 1, new Mark(5, 0)))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(SOURCE, at(5, 0, Mark.NONE))).isEqualTo(Chain.Verdict.REPEAT);
        assertThat(chain.accept(SOURCE, at(5, 1, new Mark(5, 0)))).isEqualTo(Chain.Verdict.REPEAT);
    }

    @Test
    void anOutputWhosePredecessorNeverCameIsAGapUntilItComes() {
        var late = at(9, 0, new Mark(7, 0));
        assertThat(chain.accept(SOURCE, late)).isEqualTo(Chain.Verdict.GAP);
        assertThat(chain.accept(SOURCE, at(7, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(SOURCE, late)).isEqualTo(Chain.Verdict.ACCEPTED);
    }

    @Test
    void aMarkAbovePredecessorIsNoGap() {
        // The emitter restarted from a checkpoint that did not know of 7: what it numbers afresh is the same record.
        assertThat(chain.accept(SOURCE, at(7, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(SOURCE, at(8, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
    }

    @Test
    void sourcesAreIndependent() {
        assertThat(chain.accept(SOURCE, at(5, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(ShardId.guild(2), at(5, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(ShardId.session(1), at(5, 0, Mark.NONE))).isEqualTo(Chain.Verdict.ACCEPTED);
    }

    @Test
    void anEphemeralOutputComesOnceAndOnlyFromTheViewHeardOfLast() {
        chain.accept(SOURCE, at(5, 0, Mark.NONE));
        assertThat(chain.accept(SOURCE, ephemeral(100, Mark.NONE))).isEqualTo(Chain.Verdict.STALE);
        assertThat(chain.accept(SOURCE, ephemeral(100, new Mark(5, 0)))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(chain.accept(SOURCE, ephemeral(100, new Mark(5, 0)))).isEqualTo(Chain.Verdict.STALE);
        assertThat(chain.accept(SOURCE, ephemeral(101, new Mark(6, 0)))).isEqualTo(Chain.Verdict.STALE);
        assertThat(chain.accept(SOURCE, ephemeral(102, new Mark(5, 0)))).isEqualTo(Chain.Verdict.ACCEPTED);
    }

    @Test
    void whatItDrainsRestoresTheSameMarks() {
        chain.accept(SOURCE, at(5, 2, Mark.NONE));
        chain.accept(SOURCE, ephemeral(40, new Mark(5, 2)));
        chain.emitted(ShardId.session(3), new Mark(11, 1));
        var restored = new Chain();
        chain.drainTouched()
                .forEach(
                        (key, value) -> assertThat(restored.restore(key, value)).isTrue());
        assertThat(chain.drainTouched()).isEmpty();
        assertThat(restored.accept(SOURCE, at(5, 2, Mark.NONE))).isEqualTo(Chain.Verdict.REPEAT);
        assertThat(restored.accept(SOURCE, ephemeral(40, new Mark(5, 2)))).isEqualTo(Chain.Verdict.STALE);
        assertThat(restored.accept(SOURCE, ephemeral(41, new Mark(5, 2)))).isEqualTo(Chain.Verdict.ACCEPTED);
        assertThat(restored.lastEmitted(ShardId.session(3))).isEqualTo(new Mark(11, 1));
        assertThat(restored.lastEmitted(ShardId.session(4))).isEqualTo(Mark.NONE);
        assertThat(restored.restore("member/1", new byte[12])).isFalse();
    }

    private static Origin at(long offset, int index, Mark previous) {
        return Origin.newBuilder()
                .setOffset(offset)
                .setIndex(index)
                .setPrevOffset(previous.offset())
                .setPrevIndex(previous.index())
                .build();
    }

    private static Origin ephemeral(long offset, Mark view) {
        return at(offset, 0, view).toBuilder().setLane(Lane.EPHEMERAL).build();
    }
}
