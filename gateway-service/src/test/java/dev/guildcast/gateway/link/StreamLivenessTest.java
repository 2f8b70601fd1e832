package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.link.StreamLiveness.Verdict;
import org.junit.jupiter.api.Test;

/// With the default times: a ping a second, dead after 3.5 s, answers within 15 s.
class StreamLivenessTest {
    private static final long MILLI = 1_000_000;

    private final StreamLiveness liveness = new StreamLiveness(RemoteSessionFixture.properties(), at(0));

    @Test
    void aPingIsDueAtOnceAndThenEverySecond() {
        assertThat(liveness.takePing(at(0))).isEqualTo(1);
        assertThat(liveness.takePing(at(999))).isZero();
        assertThat(liveness.takePing(at(1_000))).isEqualTo(2);
    }

    @Test
    void aStreamIsSilentWhenNothingHasArrivedInTime() {
        liveness.onReceived(at(1_000));
        assertThat(liveness.verdict(at(4_499))).isEqualTo(Verdict.ALIVE);
        assertThat(liveness.verdict(at(4_500))).isEqualTo(Verdict.SILENT);
    }

    @Test
    void aHostThatIsBusyForLessThanTheDeadlineIsAlive() {
        for (int second = 0; second < 60; second += 3) {
            liveness.takePing(at(second * 1_000));
            assertThat(liveness.verdict(at(second * 1_000 + 2_999))).isEqualTo(Verdict.ALIVE);
            liveness.onReceived(at(second * 1_000 + 3_000));
            liveness.onPong(second / 3 + 1, at(second * 1_000 + 3_000));
        }
    }

    @Test
    void aSlowPathThatStillDeliversIsAliveWhileAnswersCome() {
        long ping = 0;
        for (int millis = 0; millis < 60_000; millis += 1_000) {
            ping = Math.max(ping, liveness.takePing(at(millis)));
            liveness.onReceived(at(millis));
            // Ten seconds of other data are queued ahead of each answer.
            if (ping > 10) {
                liveness.onPong(ping - 10, at(millis));
            }
            assertThat(liveness.verdict(at(millis))).as("at %s ms", millis).isEqualTo(Verdict.ALIVE);
        }
    }

    @Test
    void aStreamOnWhichPingsAreNeverAnsweredIsGivenUpThoughMessagesArrive() {
        for (int millis = 0; millis < 15_000; millis += 1_000) {
            liveness.takePing(at(millis));
            liveness.onReceived(at(millis));
            assertThat(liveness.verdict(at(millis))).isEqualTo(Verdict.ALIVE);
        }
        liveness.onReceived(at(15_000));
        assertThat(liveness.verdict(at(15_000))).isEqualTo(Verdict.UNANSWERED);
    }

    @Test
    void aPauseOfThisProcessIsNoSilenceOfTheHost() {
        liveness.takePing(at(0));
        liveness.onPong(1, at(0));
        liveness.onShardPong(3, 1, at(0));
        liveness.takePing(at(1_000));
        liveness.onPong(2, at(1_000));
        liveness.onPaused(at(60_000));
        assertThat(liveness.verdict(at(60_000))).isEqualTo(Verdict.ALIVE);
        assertThat(liveness.takeSilentShards(at(60_000))).isEmpty();
        assertThat(liveness.verdict(at(63_500))).isEqualTo(Verdict.SILENT);
    }

    @Test
    void aShardIsSilentWhenItsLoopDoesNotAnswerWhatItsHostHasAnswered() {
        answer(1, 0, 2, 3);
        answer(2, 1_000, 3);
        answer(3, 2_000, 3);
        assertThat(liveness.takeSilentShards(at(3_499))).isEmpty();
        assertThat(liveness.takeSilentShards(at(3_500)))
                .as("2.5 s after the answer of the stream that the shard has missed")
                .containsExactly(2);
        assertThat(liveness.takeSilentShards(at(9_000)))
                .as("each is returned once")
                .isEmpty();
        assertThat(liveness.verdict(at(3_500))).as("the stream").isEqualTo(Verdict.ALIVE);
    }

    @Test
    void aShardThatAnswersAgainCanFallSilentAgain() {
        answer(1, 0, 2);
        answer(2, 1_000);
        assertThat(liveness.takeSilentShards(at(3_500))).containsExactly(2);
        answer(3, 4_000, 2);
        answer(4, 5_000);
        assertThat(liveness.takeSilentShards(at(7_499))).isEmpty();
        assertThat(liveness.takeSilentShards(at(7_500))).containsExactly(2);
    }

    @Test
    void aStreamThatIsSilentMakesNoShardSilent() {
        answer(1, 0, 2);
        liveness.takePing(at(1_000));
        assertThat(liveness.takeSilentShards(at(60_000))).isEmpty();
    }

    /// A ping is sent, and answered by the stream and the loops of these shards.
    private void answer(long ping, int atMillis, int... shards) {
        assertThat(liveness.takePing(at(atMillis))).isEqualTo(ping);
        liveness.onReceived(at(atMillis));
        liveness.onPong(ping, at(atMillis));
        for (int shard : shards) {
            liveness.onShardPong(shard, ping, at(atMillis));
        }
    }

    private static long at(int millis) {
        return Long.MAX_VALUE - 5_000 * MILLI + millis * MILLI;
    }
}
