package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.channel.FaultyVoiceStore;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Voice goes on while its store is away, hangs or has been wiped.
class VoiceStoreLossTest extends VoiceFixture {
    @Test
    void goesOnWhileTheStoreIsAway() {
        redis.mood = FaultyVoiceStore.Mood.FAILS;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        voice.signaling().closed(A, SID).block();
        assertThat(told).endsWith("state A left muted");
    }

    @Test
    void goesOnWhileTheStoreHangs() {
        redis.mood = FaultyVoiceStore.Mood.HANGS;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
    }

    @Test
    void givesAWipedStoreBackWhatItLost() {
        join(A, SID, CHANNEL);
        redis.wipe();
        join(B, SID_B, CHANNEL);
        assertThat(redis.load(G1).block().states()).extracting(VoiceState::user).containsExactly(A, B);
        assertThat(redis.load(G1).block().assignment().server()).isEqualTo("media-1");
    }

    @Test
    void learnsFromReportsAndViewsAfterARestartWithAWipedStore() {
        join(A, SID, CHANNEL);
        guilds.views.put(A, new View(CHANNEL, SID));
        redis.wipe();
        voice = start();
        hello("media-1", "local");
        hello("media-2", "local");
        report("media-2", 0.9);
        report("media-1", 0.1, ref(A, SID), ref(B, SID_B));
        told.clear();
        assertThat(redis.load(G1).block().assignment().server()).isEqualTo("media-1");
        live(Duration.ofSeconds(6), "media-2");
        assertThat(told).containsExactly("server A gone", "server A media-2:443");
        told.clear();
        voice.signaling().closed(A, SID).block();
        assertThat(told).containsExactly("state A left");
    }
}
