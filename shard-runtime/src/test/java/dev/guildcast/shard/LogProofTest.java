package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class LogProofTest {
    private static final ShardSettings SETTINGS = ShardSettings.guildDefaults(ShardId.guild(0));
    private static final long WITHIN = SETTINGS.proofWithin().toNanos();
    private static final long EVERY = SETTINGS.proofEvery().toNanos();

    private final Deque<LongConsumer> asked = new ArrayDeque<>();
    private long now;
    private final LogProof proof = new LogProof(asked::add, () -> now, SETTINGS);

    @Test
    void provesNothingBeforeAnEndThatWasAskedForIsApplied() {
        proof.onPosition(5);
        proof.onTick();
        assertThat(proof.fresh()).isFalse();
        answer(7);
        assertThat(proof.fresh()).isFalse();
        proof.onPosition(7);
        assertThat(proof.fresh()).isTrue();
    }

    @Test
    void isAsOldAsTheQuestionNotAsTheAnswer() {
        proof.onPosition(5);
        proof.onTick();
        now += WITHIN;
        answer(5);
        assertThat(proof.fresh()).isTrue();
        now++;
        assertThat(proof.fresh()).isFalse();
    }

    @Test
    void keepsOneQuestionOnItsWayAndAsksAgainAfterItsPeriod() {
        proof.onPosition(0);
        proof.onTick();
        proof.onTick();
        assertThat(asked).hasSize(1);
        answer(0);
        proof.onTick();
        assertThat(asked).isEmpty();
        now += EVERY;
        proof.onTick();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aFailedQuestionProvesNothingAndIsAskedAgain() {
        proof.onPosition(0);
        proof.onTick();
        answer(-1);
        assertThat(proof.fresh()).isFalse();
        now += Duration.ofSeconds(1).toNanos();
        proof.onTick();
        answer(0);
        assertThat(proof.fresh()).isTrue();
    }

    @Test
    void anActionWaitsForAnEndThatWasAskedForAfterIt() {
        var ran = new AtomicInteger();
        proof.onPosition(3);
        proof.onTick();
        proof.after(ran::incrementAndGet);
        answer(3);
        proof.runWaiting();
        assertThat(ran).as("the question was older than the action").hasValue(0);
        proof.onTick();
        answer(4);
        proof.runWaiting();
        assertThat(ran).as("the end is not applied").hasValue(0);
        proof.onPosition(4);
        proof.runWaiting();
        proof.runWaiting();
        assertThat(ran).hasValue(1);
    }

    @Test
    void droppedActionsNeverRun() {
        var ran = new AtomicInteger();
        proof.onPosition(0);
        proof.after(ran::incrementAndGet);
        proof.dropWaiting();
        answer(0);
        proof.runWaiting();
        assertThat(ran).hasValue(0);
    }

    private void answer(long end) {
        asked.remove().accept(end);
    }
}
