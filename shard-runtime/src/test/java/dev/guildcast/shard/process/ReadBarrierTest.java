package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardSettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
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

    @Test
    void aHerdWaitsForTheLagAndStarvesNoRead() {
        herd(Duration.ofMillis(60), 10_000);
    }

    @Test
    void aHerdOnAShardThatLagsFarBehindStarvesNoReadEither() {
        herd(Duration.ofMillis(1_500), 10_000);
    }

    /// Requests arrive evenly within a second, a fetch takes 2 ms, and each record is applied `lag` after its append.
    private void herd(Duration lag, int requests) {
        int lagMillis = Math.toIntExact(lag.toMillis());
        var arrivals = new ArrayList<Integer>();
        var waits = new ArrayList<Integer>();
        int fetched = 0;
        int fetchAnsweredAt = -1;
        int neverCurrentFrom = 2 * lagMillis + 100;
        for (int millis = 0; millis < 1_000 + 4 * lagMillis + 1_000; millis++) {
            now = Duration.ofMillis(millis).toNanos();
            // One record a millisecond: the end of the log is `millis`, and the position is that of `lag` ago.
            barrier.onPosition(Math.max(0, millis - lagMillis));
            if (millis % 50 == 0) {
                barrier.onTick();
            }
            for (int i = 0; millis < 1_000 && i < requests / 1_000; i++) {
                int arrival = millis;
                arrivals.add(arrival);
                barrier.after(() -> waits.add(Math.toIntExact(now / 1_000_000) - arrival));
            }
            if (fetchAnsweredAt < 0 && !fetches.isEmpty()) {
                fetchAnsweredAt = millis + 2;
            }
            if (fetchAnsweredAt == millis) {
                fetched++;
                fetchAnsweredAt = -1;
                completeFetch(millis - 1);
            }
            barrier.runReadyActions();
            if (millis > neverCurrentFrom) {
                assertThat(barrier.isCurrent())
                        .as("current after %d ms", millis)
                        .isTrue();
            }
        }
        assertThat(waits).hasSameSizeAs(arrivals);
        // The lag, the interval between fetches while it lags, and a tick.
        assertThat(Collections.max(waits)).isLessThanOrEqualTo(lagMillis + 200);
        assertThat(fetched).as("fetches").isLessThan(100);
    }

    @Test
    void aFetchThatIsNotAnsweredIsGivenUpAndItsLateAnswerIgnored() {
        var ran = new AtomicInteger();
        barrier.onPosition(5);
        barrier.after(ran::incrementAndGet);
        now += MAX_AGE + 1;
        barrier.onTick();
        assertThat(fetches).hasSize(2);
        completeFetch(5);
        assertThat(barrier.isCurrent()).isFalse();
        completeFetch(5);
        barrier.runReadyActions();
        assertThat(barrier.isCurrent()).isTrue();
        assertThat(ran).hasValue(1);
    }

    private void completeFetch(long end) {
        fetches.remove().accept(end);
    }
}
