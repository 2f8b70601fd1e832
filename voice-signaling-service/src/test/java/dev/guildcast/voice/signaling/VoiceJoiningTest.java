package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// What a session that joins a voice channel, moves or mutes itself is told.
class VoiceJoiningTest extends VoiceFixture {
    @Test
    void tellsTheStateThenTheServerToTheSessionAlone() {
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
        assertThat(lastOrder("media-1").getExpect().getToken()).isEqualTo(tokens.get(SID));
        var binding = new VoiceToken.Binding(A, SID, G1, CHANNEL, "media-1");
        assertThat(VoiceToken.opens(KEY, tokens.get(SID), binding, clock.instant()))
                .isTrue();
    }

    @Test
    void appendsTheServerOnlyAfterTheStateWasAcknowledged() {
        var acknowledged = Sinks.<Void>one();
        beforeAppend = acknowledged.asMono();
        var verdicts = new ArrayList<Verdict>();
        voice.signaling().update(request(A, SID, CHANNEL)).subscribe(verdicts::add);
        voice.signaling().update(request(B, SID_B, CHANNEL)).subscribe(verdicts::add);
        assertThat(told).isEmpty();
        beforeAppend = Mono.empty();
        acknowledged.tryEmitEmpty();
        assertThat(told)
                .containsExactly("state A CHANNEL", "server A media-1:443", "state B CHANNEL", "server B media-1:443");
        assertThat(verdicts).containsExactly(Verdict.DONE, Verdict.DONE);
    }

    @Test
    void saysNothingToWhoMayNotJoin() {
        guilds.verdict = GuildVoice.Verdict.NO_PERMISSION;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoice.Verdict.NOT_A_MEMBER;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoice.Verdict.NO_SUCH_CHANNEL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SUCH_CHANNEL);
        guilds.verdict = GuildVoice.Verdict.FULL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.FULL);
        assertThat(told).isEmpty();
    }

    @Test
    void saysNothingWhenTheGuildsOwnerCannotBeAsked() {
        guilds.away = true;
        assertThatThrownBy(() -> join(A, SID, CHANNEL)).hasMessageContaining("away");
        assertThat(told).isEmpty();
    }

    @Test
    void tellsOnlyTheStateOfAMuteWhileTheVoiceSocketLives() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(told).containsExactly("state A CHANNEL muted", "state A CHANNEL");
    }

    @Test
    void sendsANewTokenWithAMuteWhenNoVoiceSocketLives() {
        join(A, SID, CHANNEL);
        String first = tokens.get(SID);
        told.clear();
        mute(A, SID, CHANNEL);
        assertThat(told).containsExactly("state A CHANNEL muted", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        report("media-1", 0.1, ref(A, SID));
        report("media-1", 0.1);
        told.clear();
        mute(A, SID, CHANNEL);
        assertThat(told).hasSize(2);
    }

    @Test
    void sendsANewTokenForEveryChangeOfChannel() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        String first = tokens.get(SID);
        told.clear();
        join(A, SID, OTHER);
        assertThat(told).containsExactly("state A OTHER", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(orders.get("media-1")).extracting(ServerOrder::hasDrop).containsExactly(false, true, false);
    }

    @Test
    void believesTheGuildsViewWhenAModeratorDisconnectedTheUser() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        told.clear();
        // The view lags behind our own word at first: it does not count.
        mute(A, SID, CHANNEL);
        assertThat(told).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        told.clear();
        join(A, SID, CHANNEL);
        assertThat(told).containsExactly("state A CHANNEL", "server A media-1:443");
    }
}
