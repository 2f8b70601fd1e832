package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// What is published when a session joins a voice channel, moves or mutes itself.
class VoiceJoiningTest extends VoiceFixture {
    @Test
    void publishesTheStateThenTheServerToTheSessionOnly() {
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(published).containsExactly("state A CHANNEL", "server A media-1:443");
        assertThat(lastCommand("media-1").getExpect().getToken()).isEqualTo(tokens.get(SID));
        var binding = new VoiceToken.Binding(A, SID, G1, CHANNEL, "media-1");
        assertThat(VoiceToken.verify(KEY, tokens.get(SID), binding, clock.instant()))
                .isTrue();
    }

    @Test
    void appendsTheServerOnlyAfterTheStateWasAcknowledged() {
        var acknowledged = Sinks.<Void>one();
        beforeAppend = acknowledged.asMono();
        var verdicts = new ArrayList<Verdict>();
        voice.signaling().updateState(request(A, SID, CHANNEL)).subscribe(verdicts::add);
        voice.signaling().updateState(request(B, SID_B, CHANNEL)).subscribe(verdicts::add);
        assertThat(published).isEmpty();
        beforeAppend = Mono.empty();
        acknowledged.tryEmitEmpty();
        assertThat(published)
                .containsExactly("state A CHANNEL", "server A media-1:443", "state B CHANNEL", "server B media-1:443");
        assertThat(verdicts).containsExactly(Verdict.DONE, Verdict.DONE);
    }

    @Test
    void publishesNothingForADeniedJoin() {
        guilds.verdict = GuildVoiceQuery.JoinVerdict.NO_PERMISSION;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoiceQuery.JoinVerdict.NOT_A_MEMBER;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NOT_ALLOWED);
        guilds.verdict = GuildVoiceQuery.JoinVerdict.NO_SUCH_CHANNEL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SUCH_CHANNEL);
        guilds.verdict = GuildVoiceQuery.JoinVerdict.FULL;
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.FULL);
        assertThat(published).isEmpty();
    }

    @Test
    void publishesNothingWhenTheGuildsOwnerIsUnavailable() {
        guilds.unavailable = true;
        assertThatThrownBy(() -> join(A, SID, CHANNEL)).hasMessageContaining("unavailable");
        assertThat(published).isEmpty();
    }

    @Test
    void publishesOnlyTheStateOfAMuteWhileTheVoiceSocketIsOpen() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        published.clear();
        assertThat(mute(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(published).containsExactly("state A CHANNEL muted", "state A CHANNEL");
    }

    @Test
    void sendsANewTokenWithAMuteWithoutAVoiceSocket() {
        join(A, SID, CHANNEL);
        String first = tokens.get(SID);
        published.clear();
        mute(A, SID, CHANNEL);
        assertThat(published).containsExactly("state A CHANNEL muted", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        report("media-1", 0.1, ref(A, SID));
        report("media-1", 0.1);
        published.clear();
        mute(A, SID, CHANNEL);
        assertThat(published).hasSize(2);
    }

    @Test
    void sendsANewTokenForEveryChangeOfChannel() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        String first = tokens.get(SID);
        published.clear();
        join(A, SID, OTHER);
        assertThat(published).containsExactly("state A OTHER", "server A media-1:443");
        assertThat(tokens.get(SID)).isNotEqualTo(first);
        assertThat(commands.get("media-1")).extracting(ServerOrder::hasDrop).containsExactly(false, true, false);
    }

    @Test
    void followsTheGuildsViewAfterAModeratorDisconnectedTheUser() {
        join(A, SID, CHANNEL);
        report("media-1", 0.1, ref(A, SID));
        published.clear();
        // The view lags behind our own change at first and is ignored.
        mute(A, SID, CHANNEL);
        assertThat(published).hasSize(1);
        clock.advance(Duration.ofSeconds(5));
        published.clear();
        join(A, SID, CHANNEL);
        assertThat(published).containsExactly("state A CHANNEL", "server A media-1:443");
    }
}
