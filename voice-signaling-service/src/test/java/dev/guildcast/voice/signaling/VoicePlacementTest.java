package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which server a guild is assigned to.
class VoicePlacementTest extends VoiceFixture {
    @Test
    void keepsAGuildTogetherAndSpreadsGuildsByLoad() {
        hello("media-2", "local");
        report("media-2", 0.105);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        assertThat(published).contains("server A media-1:443", "server B media-1:443");
        published.clear();
        voice.signaling()
                .updateState(request(A, SID, CHANNEL).toBuilder()
                        .setGuildId(77L << 22)
                        .build())
                .block();
        assertThat(published).endsWith("server A media-2:443");
    }

    @Test
    void prefersTheChannelsRegionOverTheUsers() {
        hello("media-eu", "eu");
        report("media-eu", 0.9);
        hello("media-us", "us");
        report("media-us", 0.9);
        voice.signaling()
                .updateState(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(published).endsWith("server A media-us:443");
        leave(A, SID);
        guilds.region = "eu";
        voice.signaling()
                .updateState(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(published).endsWith("server A media-eu:443");
    }

    @Test
    void rejectsAJoinWithoutAServer() {
        elapse(Duration.ofSeconds(7));
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SERVER);
        assertThat(published).isEmpty();
    }

    @Test
    void twoInstancesAgreeOnTheServerOfAGuild() {
        var other = start();
        commands.clear();
        other.serverMonitor()
                .offerHello(server("media-9", "local"), order -> {})
                .block();
        other.serverMonitor()
                .offerReport(
                        server("media-9", "local"),
                        order -> {},
                        ServerReport.newBuilder().setLoad(0.5).build())
                .block();
        join(A, SID, CHANNEL);
        other.signaling().updateState(request(B, SID_B, CHANNEL)).block();
        assertThat(published).endsWith("server B media-1:443");
        assertThat(leave(B, SID_B)).isEqualTo(Verdict.DONE);
    }
}
