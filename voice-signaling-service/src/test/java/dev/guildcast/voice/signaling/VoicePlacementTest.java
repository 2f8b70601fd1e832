package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which server a guild is given.
class VoicePlacementTest extends VoiceFixture {
    @Test
    void keepsAGuildTogetherAndSpreadsGuildsByLoad() {
        hello("media-2", "local");
        report("media-2", 0.105);
        join(A, SID, CHANNEL);
        join(B, SID_B, CHANNEL);
        assertThat(told).contains("server A media-1:443", "server B media-1:443");
        told.clear();
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setGuildId(77L << 22)
                        .build())
                .block();
        assertThat(told).endsWith("server A media-2:443");
    }

    @Test
    void prefersTheChannelsRegionOverTheUsers() {
        hello("media-eu", "eu");
        report("media-eu", 0.9);
        hello("media-us", "us");
        report("media-us", 0.9);
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(told).endsWith("server A media-us:443");
        leave(A, SID);
        guilds.region = "eu";
        voice.signaling()
                .update(request(A, SID, CHANNEL).toBuilder()
                        .setPreferredRegion("us")
                        .build())
                .block();
        assertThat(told).endsWith("server A media-eu:443");
    }

    @Test
    void refusesToJoinWithoutAServer() {
        live(Duration.ofSeconds(7));
        assertThat(join(A, SID, CHANNEL)).isEqualTo(Verdict.NO_SERVER);
        assertThat(told).isEmpty();
    }

    @Test
    void twoInstancesAgreeOnTheServerOfAGuild() {
        var other = start();
        orders.clear();
        other.servers().offerHello(server("media-9", "local"), order -> {}).block();
        other.servers()
                .offerReport(
                        server("media-9", "local"),
                        order -> {},
                        ServerReport.newBuilder().setLoad(0.5).build())
                .block();
        join(A, SID, CHANNEL);
        other.signaling().update(request(B, SID_B, CHANNEL)).block();
        assertThat(told).endsWith("server B media-1:443");
        assertThat(leave(B, SID_B)).isEqualTo(Verdict.DONE);
    }
}
