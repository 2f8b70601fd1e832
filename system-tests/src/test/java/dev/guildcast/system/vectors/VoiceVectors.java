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

/// Joining, moving and leaving voice over the main gateway. The voice sockets are simulated by a server that registers
/// and reports which sessions have one.
interface VoiceVectors {
    String GUILDS_AND_VOICE = "\"intents\":129";
    String SERVER_UPDATE = """
            {"op":0,"t":"VOICE_SERVER_UPDATE","d":{"guild_id":"%s","token":"$str:%s","endpoint":"%s"}}""";

    VectorSuite suite();

    @Test
    @DisplayName("V22: a bot that joins receives its state and then its server, and leaves with a state only")
    default void sendsTheStateAndThenTheServer() {
        suite().placeBotAIn(G1);
        try (var server = suite().voiceServer();
                var a = openInG1()) {
            a.send(op4(VOICE, false));
            a.expect("""
                    {"op":0,"t":"VOICE_STATE_UPDATE","d":{"guild_id":"%s","channel_id":"%s","user_id":"%s","session_id":"<sid>","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null,"member":{"user":{"id":"%s"},"joined_at":"$str"}}}""".formatted(G1, VOICE, A, A));
            a.expect(serverUpdate("vt"));
            var expected = server.expected();
            assertThat(expected.getToken()).isEqualTo(a.captured("vt"));
            assertThat(expected.getSessionId()).isEqualTo(a.captured("sid"));
            a.send(leave());
            a.expect(state("null"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.captured("sid"));
            a.expectNothing(1);
        }
    }

    @Test
    @DisplayName("V23: a bot that may not join receives nothing")
    default void sendsNothingToWhoMayNotJoin() {
        suite().placeBotAIn(G1);
        try (var a = openInG1()) {
            a.send(op4(CLOSED_VOICE, false));
            a.send(op4("399999999999999999", false));
            a.send(op4(TEXT, false));
            a.send(op4(FULL_VOICE, false));
            a.expectNothing(3);
        }
    }

    @Test
    @DisplayName("V23: a mute is dispatched as a state, with a new token if there is no voice socket")
    default void sendsTheServerAgainWithoutAVoiceSocket() {
        suite().placeBotAIn(G1);
        try (var server = suite().voiceServer();
                var a = joined(server)) {
            a.send(op4(VOICE, true));
            a.expect(state(quoted(VOICE) + ",\"self_mute\":true"));
            a.expect(serverUpdate("never-connected"));
            assertThat(a.captured("never-connected")).isNotEqualTo(a.captured("vt"));
            assertThat(server.expected().getToken()).isEqualTo(a.captured("never-connected"));

            server.setVoiceSockets(a.captured("sid"));
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE) + ",\"self_mute\":false"));
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE)));
            a.expectNothing(1);

            server.setVoiceSockets();
            a.send(op4(VOICE, false));
            a.expect(state(quoted(VOICE)));
            a.expect(serverUpdate("lost"));
            assertThat(a.captured("lost")).isNotEqualTo(a.captured("never-connected"));
        }
    }

    @Test
    @DisplayName("V23: ending the session leaves voice at once, losing the socket leaves it when the session expires")
    default void leavesVoiceWithTheSession() {
        suite().placeBotAIn(G1);
        try (var server = suite().voiceServer();
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
    @DisplayName("V28: a user that a moderator moves receives a new token, a disconnected one only its state")
    default void followsAModerator() {
        suite().placeBotAIn(G1);
        try (var server = suite().voiceServer();
                var a = joined(server)) {
            server.setVoiceSockets(a.captured("sid"));
            moderatorMoves(quoted(OTHER_VOICE), a.captured("sid"));
            a.expect(state(quoted(OTHER_VOICE)));
            a.expect(serverUpdate("moved"));
            assertThat(a.captured("moved")).isNotEqualTo(a.captured("vt"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.captured("sid"));
            assertThat(server.expected().getToken()).isEqualTo(a.captured("moved"));

            moderatorMoves("null", a.captured("sid"));
            a.expect(state("null"));
            assertThat(server.dropped().getSessionId()).isEqualTo(a.captured("sid"));
            a.expectNothing(2);
            server.noOrders();
        }
    }

    /// `api:` a moderator moves or disconnects bot A.
    private void moderatorMoves(String channel, String session) {
        suite().api("""
                {"t":"VOICE_STATE_UPDATE","d":{"guild_id":"%s","channel_id":%s,"user_id":"%s","session_id":"%s","deaf":false,"mute":false,"self_deaf":false,"self_mute":false,"self_video":false,"suppress":false,"request_to_speak_timestamp":null,"member":%s}}""".formatted(G1, channel, A, session, VectorWorld.member(A)));
    }

    private VectorClient openInG1() {
        var a = suite().open("A", "tok-a", GUILDS_AND_VOICE);
        a.expect(GuildVectors.available(G1));
        return a;
    }

    /// Bot A in the voice channel, its token captured as `vt`.
    private VectorClient joined(VectorVoiceServer server) {
        var a = openInG1();
        a.send(op4(VOICE, false));
        a.expect(state(quoted(VOICE)));
        a.expect(serverUpdate("vt"));
        assertThat(server.expected().getToken()).isEqualTo(a.captured("vt"));
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

    /// @param channel and further JSON members of the object
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
