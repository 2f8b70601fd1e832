package dev.guildcast.shard.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KafkaReachabilityTest {
    private record Probe(long sentMillis, CompletableFuture<String> answer) {}

    private final Deque<Probe> probes = new ArrayDeque<>();
    private final AtomicInteger changes = new AtomicInteger();
    private long nowMillis;
    private boolean brokersAnswer = true;
    private final KafkaReachability reachability = new KafkaReachability(
            () -> {
                var probe = new Probe(nowMillis, new CompletableFuture<>());
                probes.add(probe);
                return probe.answer;
            },
            () -> Duration.ofMillis(nowMillis).toNanos());

    KafkaReachabilityTest() {
        reachability.onChange(changes::incrementAndGet);
    }

    @Test
    void aNodeThatIsCutOffNoticesWithinTwoSecondsLessAReport() {
        runFor(5_000);
        assertThat(reachability.lost()).isFalse();
        brokersAnswer = false;
        runFor(1_700);
        assertThat(reachability.lost()).isTrue();
        assertThat(changes).hasValue(1);
    }

    @Test
    void itNoticesThatKafkaAnswersAgain() {
        runFor(1_000);
        brokersAnswer = false;
        runFor(30_000);
        brokersAnswer = true;
        runFor(1_300);
        assertThat(reachability.lost()).isFalse();
        assertThat(changes).hasValue(2);
    }

    @Test
    void oneProbeThatIsNotAnsweredIsNoLoss() {
        runFor(5_000);
        for (int i = 0; i < 10; i++) {
            brokersAnswer = false;
            runFor(KafkaReachability.PROBE_TIMEOUT.toMillis());
            brokersAnswer = true;
            runFor(1_000);
            assertThat(changes).hasValue(0);
        }
    }

    @Test
    void aPauseOfThisProcessIsNoLoss() {
        runFor(5_000);
        for (int pauseMillis : new int[] {4_000, 30_000}) {
            nowMillis += pauseMillis;
            runFor(2_000);
            assertThat(changes).hasValue(0);
        }
    }

    @Test
    void aNodeThatNeverReachedKafkaHasLostIt() {
        brokersAnswer = false;
        runFor(1_700);
        assertThat(reachability.lost()).isTrue();
    }

    @Test
    void aLateAnswerCountsFromItsQuestion() {
        runFor(2_000);
        brokersAnswer = false;
        runFor(600);
        // The answer to the last probe arrives now, but was asked for 500 ms ago.
        runFor(400);
        brokersAnswer = true;
        runFor(100);
        brokersAnswer = false;
        runFor(KafkaReachability.LOST_AFTER.toMillis() + 200);
        assertThat(reachability.lost()).isTrue();
    }

    private void runFor(long millis) {
        for (long end = nowMillis + millis; nowMillis < end; ) {
            nowMillis += 50;
            var oldest = probes.peek();
            if (oldest != null && brokersAnswer) {
                probes.remove().answer.complete("cluster");
            } else if (oldest != null && nowMillis - oldest.sentMillis >= KafkaReachability.PROBE_TIMEOUT.toMillis()) {
                probes.remove().answer.completeExceptionally(new TimeoutException("no broker"));
            }
            if (nowMillis % KafkaReachability.TICK.toMillis() == 0) {
                reachability.onTick();
            }
        }
    }
}
