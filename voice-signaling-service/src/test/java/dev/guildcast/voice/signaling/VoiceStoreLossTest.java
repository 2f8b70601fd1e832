package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.FaultyVoiceAssignmentStore;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Voice keeps working while its store is unavailable, hangs or has been wiped.
class VoiceStoreLossTest extends VoiceFixture {
    @Test
    void keepsWorkingWhileTheStoreIsUnavailable() {
        store.behavior = FaultyVoiceAssignmentStore.Behavior.FAILING;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).endsWith("state A left muted");
    }

    @Test
    void keepsWorkingWhileTheStoreHangs() {
        store.behavior = FaultyVoiceAssignmentStore.Behavior.HANGING;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(published).containsExactly("state A CHANNEL", "server A media-1:443");
    }

    @Test
    void restoresAWipedStore() {
        join(A, SID, CHANNEL);
        store.wipe();
        join(B, SID_B, CHANNEL);
        assertThat(store.load(G1).block().states()).extracting(VoiceState::user).containsExactly(A, B);
        assertThat(store.load(G1).block().assignment().server()).isEqualTo("media-1");
    }

    @Test
    void rebuildsFromReportsAndViewsAfterARestartWithAWipedStore() {
        join(A, SID, CHANNEL);
        guilds.views.put(A, new UserVoiceView(CHANNEL, SID));
        store.wipe();
        voice = start();
        hello("media-1", "local");
        hello("media-2", "local");
        report("media-2", 0.9);
        report("media-1", 0.1, ref(A, SID), ref(B, SID_B));
        published.clear();
        assertThat(store.load(G1).block().assignment().server()).isEqualTo("media-1");
        elapse(Duration.ofSeconds(6), "media-2");
        assertThat(published).containsExactly("server A media-2:443");
        published.clear();
        voice.signaling().onSessionClosed(A, SID).block();
        assertThat(published).containsExactly("state A left");
    }
}
