package dev.guildcast.system.vectors;

import static dev.guildcast.system.vectors.VectorWorld.A;
import static dev.guildcast.system.vectors.VectorWorld.CLOSED_VOICE;
import static dev.guildcast.system.vectors.VectorWorld.FULL_VOICE;
import static dev.guildcast.system.vectors.VectorWorld.G1;
import static dev.guildcast.system.vectors.VectorWorld.OTHER_VOICE;
import static dev.guildcast.system.vectors.VectorWorld.TEXT;
import static dev.guildcast.system.vectors.VectorWorld.VOICE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Joining, moving and leaving voice, as the main gateway tells it. The voice sockets themselves are played by a server
/// that registers and says who has one.
interface VoiceVectors {
    String GUILDS_AND_VOICE = "\"intents\":129";
    String SERVER_UPDATE = """
            {"op":0,"t":"VOICE_SERVER_UPDATE","d":{"guild_id":"%s","token":"$str:%s","endpoint":"%s"}}""";

    VectorSuite suite();

    @Test
    @DisplayName("V22: a bot that joins is told its state and then its server, and leaves with a state alone")
    default void tellsWhoJoinsTheStateAndThenTheServer() {
        suite().botAIsIn(G1);
        try (var server = new VectorVoiceServer(suite().voiceTarget());
                var a = inG1()) {
            a.send(op4(VOICE, false));
            a.expect("""
                    {"op":0,"t":"VOICE_STATE_UPDATE","d":{"guild_id":"%s","channel_id":"%s","user_id":"%s","session_id":"<sid>","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null,"member":{"user":{"id":"%s"},"joined_at":"$str"}}}""".formatted(G1, VOICE, A, A));
            a.expect(serverUpdate("vt"));
            var expected = server.expected();
            assertThat(expected.getToken()).isEqualTo(a.kept("vt"));
            assertThat(expected.getSessionId()).isEqualTo(a.kept("sid"));
            a.send(leave());
            a.expect(state("null"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.kept("sid"));
            a.none(1);
        }
    }

    @Test
    @DisplayName("V23: who may not join is told nothing")
    default void saysNothingToWhoMayNotJoin() {
        suite().botAIsIn(G1);
        try (var a = inG1()) {
            a.send(op4(CLOSED_VOICE, false));
            a.send(op4("399999999999999999", false));
            a.send(op4(TEXT, false));
            a.send(op4(FULL_VOICE, false));
            a.none(3);
        }
    }

    @Test
    @DisplayName("V23: a mute is told as a state, and with a new token where no voice socket lives")
    default void tellsTheServerAgainWhereNoVoiceSocketLives() {
        suite().botAIsIn(G1);
        try (var server = new VectorVoiceServer(suite().voiceTarget());
                var a = joined(server)) {
            a.send(op4(VOICE, true));
            a.expect(state(quoted(VOICE) + ",\"self_mute\":true"));
            a.expect(serverUpdate("never-connected"));
            assertThat(a.kept("never-connected")).isNotEqualTo(a.kept("vt"));
            assertThat(server.expected().getToken()).isEqualTo(a.kept("never-connected"));

            server.socketsOf(a.kept("sid"));
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE) + ",\"self_mute\":false"));
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE)));
            a.none(1);

            server.socketsOf();
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE)));
            a.expect(serverUpdate("lost"));
            assertThat(a.kept("lost")).isNotEqualTo(a.kept("never-connected"));
        }
    }

    @Test
    @DisplayName("V23: who ends its session leaves voice at once, who loses its socket when the session ends")
    default void leavesVoiceWithTheSession() {
        suite().botAIsIn(G1);
        try (var server = new VectorVoiceServer(suite().voiceTarget());
                var b = suite().open("B", "tok-b", "\"intents\":128")) {
            joined(server).close(1000);
            b.expect(state(quoted(VOICE)));
            b.expect(state("null"));
            server.dropped();
            joined(server).drop();
            b.expect(state(quoted(VOICE)));
            b.expect(state("null"));
            server.dropped();
        }
    }

    @Test
    @DisplayName("V28: whom a moderator moves is given a new token, and whom one disconnects is told so and no more")
    default void followsAModerator() {
        suite().botAIsIn(G1);
        try (var server = new VectorVoiceServer(suite().voiceTarget());
                var a = joined(server)) {
            server.socketsOf(a.kept("sid"));
            moderated(quoted(OTHER_VOICE), a.kept("sid"));
            a.expect(state(quoted(OTHER_VOICE)));
            a.expect(serverUpdate("moved"));
            assertThat(a.kept("moved")).isNotEqualTo(a.kept("vt"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.kept("sid"));
            assertThat(server.expected().getToken()).isEqualTo(a.kept("moved"));

            moderated("null", a.kept("sid"));
            a.expect(state("null"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.kept("sid"));
            a.none(2);
            server.noOrders();
        }
    }

    /// `api:` a moderator moves or disconnects bot A.
    private void moderated(String channel, String session) {
        suite().api("""
                {"t":"VOICE_STATE_UPDATE","d":{"guild_id":"%s","channel_id":%s,"user_id":"%s","session_id":"%s","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null,"member":%s}}""".formatted(G1, channel, A, session, VectorWorld.member(A)));
    }

    private VectorClient inG1() {
        var a = suite().open("A", "tok-a", GUILDS_AND_VOICE);
        a.expect(GuildVectors.available(G1));
        return a;
    }

    /// Bot A in the voice channel, its token kept as `vt`.
    private VectorClient joined(VectorVoiceServer server) {
        var a = inG1();
        a.send(op4(VOICE, false));
        a.expect(state(quoted(VOICE)));
        a.expect(serverUpdate("vt"));
        assertThat(server.expected().getToken()).isEqualTo(a.kept("vt"));
        return a;
    }

    private static String op4(String channel, boolean mute) {
        return "{\"op\":4,\"d\":{\"guild_id\":\"" + G1 + "\",\"channel_id\":\"" + channel + "\",\"self_mute\":" + mute
                + ",\"self_deaf\":false}}";
    }

    private static String leave() {
        return "{\"op\":4,\"d\":{\"guild_id\":\"" + G1
                + "\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}}";
    }

    /// @param channel and further keys, as they stand in the object
    private static String state(String channel) {
        return "{\"op\":0,\"t\":\"VOICE_STATE_UPDATE\",\"d\":{\"guild_id\":\"" + G1 + "\",\"user_id\":\"" + A
                + "\",\"channel_id\":" + channel + "}}";
    }

    private static String serverUpdate(String token) {
        return SERVER_UPDATE.formatted(G1, token, VectorVoiceServer.ENDPOINT);
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
