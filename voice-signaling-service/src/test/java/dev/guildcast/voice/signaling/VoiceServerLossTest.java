package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How guilds move when their server dies or drains.
class VoiceServerLossTest extends VoiceFixture {
    @Test
    void announcesOnlyTheNextServerAfterACrash() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        String first = tokens.get(SID);
        published.clear();
        elapse(Duration.ofSeconds(6), "media-2");
        assertThat(published).containsExactly("server A media-2:443", "server B media-2:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(commands.get("media-2")).hasSize(2).allMatch(ServerOrder::hasExpect);
    }

    @Test
    void announcesTheNextServerOnceOneIsAvailable() {
        join(A, SID, CHANNEL);
        published.clear();
        elapse(Duration.ofSeconds(6));
        assertThat(published).containsExactly("server A gone");
        elapse(Duration.ofSeconds(6));
        assertThat(published).hasSize(1);
        hello("media-3", "elsewhere");
        report("media-3", 0.5);
        elapse(Duration.ofSeconds(2), "media-3");
        assertThat(published).containsExactly("server A gone", "server A media-3:443");
    }

    @Test
    void aStepOfTheWallClockIsNoLossOfAServer() {
        join(A, SID, CHANNEL);
        published.clear();
        for (int seconds : new int[] {6, -6, 60, -60}) {
            wallClock.advance(Duration.ofSeconds(seconds));
            elapse(Duration.ofSeconds(1), "media-1");
            assertThat(published).as("after a step of %d s", seconds).isEmpty();
            assertThat(join(B, SID_B, CHANNEL)).isEqualTo(Verdict.DONE);
            published.clear();
        }
    }

    @Test
    void announcesOnlyTheNextServerForADrain() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        published.clear();
        drain("media-1");
        assertThat(published).containsExactly("server A media-2:443");
        drain("media-1");
        assertThat(published).hasSize(1);
        assertThat(join(B, SID_B, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(published).endsWith("server B media-2:443");
    }

    @Test
    void keepsTheServerWhileItReportsEvenOnANewStream() {
        join(A, SID, CHANNEL);
        published.clear();
        elapse(Duration.ofSeconds(4));
        hello("media-1", "local");
        elapse(Duration.ofSeconds(5), "media-1");
        assertThat(published).isEmpty();
    }
}
