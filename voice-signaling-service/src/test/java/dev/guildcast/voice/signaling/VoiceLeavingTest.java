package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import org.junit.jupiter.api.Test;

/// How a session leaves voice: by op 4 or because it is closed.
class VoiceLeavingTest extends VoiceFixture {
    @Test
    void leavesWithAStateWithoutChannelAndADrop() {
        join(A, SID, CHANNEL);
        published.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.DONE);
        assertThat(published).containsExactly("state A left");
        assertThat(lastCommand("media-1").getDrop().getSessionId()).isEqualTo(SID);
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        assertThat(published).hasSize(1);
    }

    @Test
    void letsASecondSessionReplaceTheFirst() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        published.clear();
        join(A, SID2, CHANNEL);
        assertThat(published).containsExactly("state A2 CHANNEL", "server A2 media-1:443");
        assertThat(commands.get("media-1").get(1).getDrop().getSessionId()).isEqualTo(SID);
        published.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).isEmpty();
        voice.signaling().onSessionClosed(A, SID2).block();
        assertThat(published).containsExactly("state A2 left");
    }

    @Test
    void leavesVoiceWithTheSession() {
        join(A, SID, CHANNEL);
        published.clear();
        voice.signaling().onSessionClosed(B, SID_B).block();
        assertThat(published).isEmpty();
        voice.signaling().onSessionClosed(A, SID).block();
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).containsExactly("state A left");
    }

    @Test
    void leavesVoiceWithASessionThatEndedDuringARestart() {
        join(A, SID, CHANNEL);
        voice = start();
        published.clear();
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).containsExactly("state A left");
    }

    @Test
    void retriesAnEndedSessionAfterAFailedAppend() {
        join(A, SID, CHANNEL);
        appendFails = true;
        assertThatThrownBy(() -> voice.signaling().onSessionClosed(A, SID).block())
                .hasMessageContaining("no broker");
        appendFails = false;
        published.clear();
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).containsExactly("state A left");
    }
}
