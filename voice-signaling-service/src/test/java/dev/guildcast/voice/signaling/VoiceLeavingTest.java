package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import org.junit.jupiter.api.Test;

/// How a session leaves voice, by its own word or with its end.
class VoiceLeavingTest extends VoiceFixture {
    @Test
    void leavesWithAStateWithoutChannelAndADrop() {
        join(A, SID, CHANNEL);
        told.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A left");
        assertThat(lastOrder("media-1").getDrop().getSessionId()).isEqualTo(SID);
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        assertThat(told).hasSize(1);
    }

    @Test
    void letsASecondSessionTakeOverAndTheFirstLoseItsSay() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        join(A, SID2, CHANNEL);
        assertThat(told).containsExactly("state A2 CHANNEL", "server A2 media-1:443");
        assertThat(orders.get("media-1").get(1).getDrop().getSessionId()).isEqualTo(SID);
        told.clear();
        assertThat(leave(A, SID)).isEqualTo(Verdict.NOT_IN_VOICE);
        voice.signaling().closed(A, SID).block();
        assertThat(told).isEmpty();
        voice.signaling().closed(A, SID2).block();
        assertThat(told).containsExactly("state A2 left");
    }

    @Test
    void leavesVoiceWithTheSession() {
        join(A, SID, CHANNEL);
        told.clear();
        voice.signaling().closed(B, SID_B).block();
        assertThat(told).isEmpty();
        voice.signaling().closed(A, SID).block();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void leavesVoiceWithASessionThatEndedWhileNobodyWasUp() {
        join(A, SID, CHANNEL);
        voice = start();
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }

    @Test
    void triesAnEndedSessionAgainWhenTheLogRefused() {
        join(A, SID, CHANNEL);
        logRefuses = true;
        assertThatThrownBy(() -> voice.signaling().closed(A, SID).block()).hasMessageContaining("no broker");
        logRefuses = false;
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }
}
