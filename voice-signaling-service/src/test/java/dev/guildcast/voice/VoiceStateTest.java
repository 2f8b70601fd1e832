package dev.guildcast.voice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VoiceStateTest {
    private static final VoiceState STATE = new VoiceState(
            197038439483310086L,
            300000000000000002L,
            100000000000000001L,
            "00020000000012670000000000000063",
            false,
            true,
            false,
            true,
            false,
            "{\"user\":{\"id\":\"100000000000000001\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}");

    @Test
    void writesEveryFieldThatClientsExpect() {
        assertThat(STATE.toJson())
                .isEqualTo(
                        "{\"guild_id\":\"197038439483310086\",\"channel_id\":\"300000000000000002\","
                                + "\"user_id\":\"100000000000000001\",\"session_id\":\"00020000000012670000000000000063\","
                                + "\"deaf\":false,\"mute\":true,\"self_deaf\":true,\"self_mute\":false,\"self_video\":false,"
                                + "\"suppress\":false,\"request_to_speak_timestamp\":null,"
                                + "\"member\":{\"user\":{\"id\":\"100000000000000001\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}}");
    }

    @Test
    void writesANullChannelAfterLeaving() {
        assertThat(STATE.asLeft().toJson()).contains("\"channel_id\":null").contains("\"member\":{");
    }

    @Test
    void parsesItsOwnJson() {
        assertThat(VoiceState.fromJson(STATE.toJson())).contains(STATE);
        assertThat(VoiceState.fromJson("nothing")).isEmpty();
        assertThat(VoiceState.fromJson("{\"guild_id\":\"x\"}")).isEmpty();
    }

    @Test
    void hidesSessionAndMemberFromLogs() {
        assertThat(STATE.toString()).doesNotContain("1267").doesNotContain("joined_at");
        assertThat(new VoiceServer("a", "r", "e:1", "secret").toString()).doesNotContain("secret");
    }
}
