package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What becomes of the guilds of a server that dies or drains.
class VoiceServerLossTest extends VoiceFixture {
    @Test
    void movesTheGuildsOfADeadServerWithAnEndpointGoneAndThenTheNext() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        String first = tokens.get(SID);
        told.clear();
        live(Duration.ofSeconds(6), "media-2");
        assertThat(told)
                .containsExactly("server A gone", "server B gone", "server A media-2:443", "server B media-2:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(orders.get("media-2")).hasSize(2).allMatch(ServerOrder::hasExpect);
    }

    @Test
    void tellsTheNextServerWhenThereIsOneAgain() {
        join(A, SID, CHANNEL);
        told.clear();
        live(Duration.ofSeconds(6));
        assertThat(told).containsExactly("server A gone");
        live(Duration.ofSeconds(6));
        assertThat(told).hasSize(1);
        hello("media-3", "elsewhere");
        report("media-3", 0.5);
        live(Duration.ofSeconds(2), "media-3");
        assertThat(told).containsExactly("server A gone", "server A media-3:443");
    }

    @Test
    void movesTheGuildsOfADrainingServerWithTheNextAlone() {
        hello("media-2", "local");
        report("media-2", 0.9);
        join(A, SID, CHANNEL);
        told.clear();
        drain("media-1");
        assertThat(told).containsExactly("server A media-2:443");
        drain("media-1");
        assertThat(told).hasSize(1);
        assertThat(join(B, SID_B, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).endsWith("server B media-2:443");
    }

    @Test
    void staysWhereItIsWhileItsServerReportsWhateverItsStreamDoes() {
        join(A, SID, CHANNEL);
        told.clear();
        live(Duration.ofSeconds(4));
        hello("media-1", "local");
        live(Duration.ofSeconds(5), "media-1");
        assertThat(told).isEmpty();
    }
}
