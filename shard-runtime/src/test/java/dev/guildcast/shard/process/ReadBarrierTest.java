package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

class ReadBarrierTest {
    private static final ShardSettings SETTINGS = ShardSettings.guildDefaults(ShardId.guild(0));
    private static final long MAX_AGE = SETTINGS.logEndMaxAge().toNanos();
    private static final long FETCH_EVERY = SETTINGS.logEndFetchEvery().toNanos();

    private final Deque<LongConsumer> fetches = new ArrayDeque<>();
    private long now;
    private final ReadBarrier barrier = new ReadBarrier(fetches::add, () -> now, SETTINGS);

    @Test
    void isNotCurrentBeforeAFetchedEndIsApplied() {
        barrier.onPosition(5);
        barrier.onTick();
        assertThat(barrier.isCurrent()).isFalse();
        completeFetch(7);
        assertThat(barrier.isCurrent()).isFalse();
        barrier.onPosition(7);
        assertThat(barrier.isCurrent()).isTrue();
    }

    @Test
    void ageCountsFromTheRequestNotTheResponse() {
        barrier.onPosition(5);
        barrier.onTick();
        now += MAX_AGE;
        completeFetch(5);
        assertThat(barrier.isCurrent()).isTrue();
        now++;
        assertThat(barrier.isCurrent()).isFalse();
    }

    @Test
    void keepsOneFetchInFlightAndFetchesAgainAfterTheInterval() {
        barrier.onPosition(0);
        barrier.onTick();
        barrier.onTick();
        assertThat(fetches).hasSize(1);
        completeFetch(0);
        barrier.onTick();
        assertThat(fetches).isEmpty();
        now += FETCH_EVERY;
        barrier.onTick();
        assertThat(fetches).hasSize(1);
    }

    @Test
    void aFailedFetchConfirmsNothingAndIsRepeated() {
        barrier.onPosition(0);
        barrier.onTick();
        completeFetch(-1);
        assertThat(barrier.isCurrent()).isFalse();
        now += Duration.ofSeconds(1).toNanos();
        barrier.onTick();
        completeFetch(0);
        assertThat(barrier.isCurrent()).isTrue();
    }

    @Test
    void anActionWaitsForAnEndFetchedAfterIt() {
        var ran = new AtomicInteger();
        barrier.onPosition(3);
        barrier.onTick();
        barrier.after(ran::incrementAndGet);
        completeFetch(3);
        barrier.runReadyActions();
        assertThat(ran).as("the fetch was older than the action").hasValue(0);
        barrier.onTick();
        completeFetch(4);
        barrier.runReadyActions();
        assertThat(ran).as("the end is not reached").hasValue(0);
        barrier.onPosition(4);
        barrier.runReadyActions();
        barrier.runReadyActions();
        assertThat(ran).hasValue(1);
    }

    @Test
    void droppedActionsNeverRun() {
        var ran = new AtomicInteger();
        barrier.onPosition(0);
        barrier.after(ran::incrementAndGet);
        barrier.dropActions();
        completeFetch(0);
        barrier.runReadyActions();
        assertThat(ran).hasValue(0);
    }

    private void completeFetch(long end) {
        fetches.remove().accept(end);
    }
}
