package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.voice.media.MediaOutcome;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import dev.guildcast.voice.v1.MediaMode;
import dev.guildcast.voice.v1.MediaOrder.OrderCase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients of the voice gateway are sent, and what the voice server is ordered to do about them.
class VoiceGatewayTest extends VoiceFixture {
    private static final String GCM = "aead_aes256_gcm_rtpsize";
    private static final String XCHACHA = "aead_xchacha20_poly1305_rtpsize";

    private FakeRelay relay;

    @BeforeEach
    void registerARelayAndNothingElse() {
        elapse(Duration.ofSeconds(7));
        published.clear();
        relay = new FakeRelay(voice.mediaServers(), "relay-1").register(1);
    }

    @Test
    void leadsAClientFromHelloToSessionDescription() {
        join(A, SID, CHANNEL);
        assertThat(published).containsExactly("state A CHANNEL", "server A " + FakeRelay.GATEWAY);
        var a = client();
        assertThat(a.first(8).path("d").path("heartbeat_interval").intValue()).isEqualTo(13_750);
        assertThat(a.first(8).path("d").path("v").intValue()).isEqualTo(8);
        a.identify(G1, A, SID, tokens.get(SID));
        var ready = a.first(2).path("d");
        assertThat(ready.path("ip").asString()).isEqualTo("192.0.2.7");
        assertThat(ready.path("port").intValue()).isEqualTo(20_000);
        assertThat(ready.path("modes").toString()).isEqualTo("[\"" + GCM + "\",\"" + XCHACHA + "\"]");
        assertThat(ready.path("heartbeat_interval").intValue()).isEqualTo(13_750);
        a.select(XCHACHA);
        var description = a.first(4).path("d");
        assertThat(description.path("mode").asString()).isEqualTo(XCHACHA);
        assertThat(description.path("secret_key").size()).isEqualTo(32);
        assertThat(description.path("dave_protocol_version").intValue()).isZero();
        var joined = relay.orders.getLast().getJoin();
        assertThat(joined.getMode()).isEqualTo(MediaMode.AEAD_XCHACHA20_POLY1305_RTPSIZE);
        assertThat(joined.getKey().byteAt(31) & 0xff)
                .isEqualTo(description.path("secret_key").path(31).intValue());
        assertThat(Integer.toUnsignedLong(joined.getStreams(0).getSsrc())).isEqualTo(a.ssrc());
        assertThat(joined.getFlags().getSuppress()).isTrue();
        a.beat();
        assertThat(a.first(6).path("d").path("t").toString()).isEqualTo("18446744073709551615");
        assertThat(a.closed).isNull();
    }

    @Test
    void introducesTwoUsersToEachOther() {
        var a = inVoice(A, SID);
        a.speak();
        var b = inVoice(B, SID_B);
        assertThat(b.first(11).path("d").path("user_ids").toString()).isEqualTo("[\"" + A + "\"]");
        assertThat(b.first(5).path("d").path("ssrc").asLong()).isEqualTo(a.ssrc());
        assertThat(a.first(11).path("d").path("user_ids").toString()).isEqualTo("[\"" + B + "\"]");
        b.speak();
        assertThat(a.first(5).path("d").path("user_id").asString()).isEqualTo(Long.toString(B));
        assertThat(relay.of(OrderCase.UPDATE)
                        .map(order -> order.getUpdate().getFlags().getSuppress()))
                .containsExactly(false, false);
        leave(B, SID_B);
        assertThat(a.first(13).path("d").path("user_id").asString()).isEqualTo(Long.toString(B));
        assertThat(b.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        assertThat(relay.orders.getLast().getLeave().getUserId()).isEqualTo(B);
        leave(A, SID);
        assertThat(relay.kinds()).endsWith(OrderCase.LEAVE, OrderCase.CLOSE);
    }

    @Test
    void deniesWhoHasNoVoiceStateOrAnotherToken() {
        join(A, SID, CHANNEL);
        assertThat(denied(G1, A, SID, "wrong")).isEqualTo(VoiceCloseCode.AUTHENTICATION_FAILED);
        assertThat(denied(G1, A, SID2, tokens.get(SID))).isEqualTo(VoiceCloseCode.SESSION_INVALID);
        assertThat(denied(G1, B, SID_B, tokens.get(SID))).isEqualTo(VoiceCloseCode.SESSION_INVALID);
        assertThat(denied(77L << 22, A, SID, tokens.get(SID))).isEqualTo(VoiceCloseCode.SERVER_NOT_FOUND);
        join(B, SID_B, CHANNEL);
        assertThat(denied(G1, B, SID_B, tokens.get(SID))).isEqualTo(VoiceCloseCode.AUTHENTICATION_FAILED);
        wallClock.advance(Duration.ofMinutes(6));
        assertThat(denied(G1, A, SID, tokens.get(SID))).isEqualTo(VoiceCloseCode.AUTHENTICATION_FAILED);
        assertThat(relay.orders).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"op\":5,\"d\":{\"speaking\":1,\"ssrc\":1}}', NOT_AUTHENTICATED",
        "'{\"op\":1,\"d\":{\"protocol\":\"udp\",\"data\":{}}}', NOT_AUTHENTICATED",
        "'{\"op\":99,\"d\":{}}', UNKNOWN_OPCODE",
        "'{\"op\":2,\"d\":{}}', UNKNOWN_OPCODE",
        "'not json', DECODE_ERROR",
        "'{\"op\":\"0\"}', DECODE_ERROR",
        "'{\"op\":0,\"d\":{\"server_id\":\"1\"}}', DECODE_ERROR",
    })
    void closesWhoDoesNotKeepToTheProtocol(String text, VoiceCloseCode code) {
        var a = client();
        a.say(text);
        assertThat(a.closed).isEqualTo(code);
    }

    @Test
    void closesWhatASessionMayNotDo() {
        var a = inVoice(A, SID);
        a.say("{\"op\":5,\"d\":{\"speaking\":1,\"delay\":0,\"ssrc\":" + (a.ssrc() ^ 1) + "}}");
        assertThat(a.closed).isEqualTo(VoiceCloseCode.BAD_REQUEST);
        var second = client();
        second.identify(G1, A, SID, tokens.get(SID));
        second.select("xsalsa20_poly1305");
        assertThat(second.closed).isEqualTo(VoiceCloseCode.UNKNOWN_ENCRYPTION);
        var third = client();
        third.identify(G1, A, SID, tokens.get(SID));
        third.say("{\"op\":1,\"d\":{\"protocol\":\"webrtc\",\"data\":\"a=fingerprint\"}}");
        assertThat(third.closed).isEqualTo(VoiceCloseCode.UNKNOWN_PROTOCOL);
        var fourth = inVoice(B, SID_B);
        fourth.identify(G1, B, SID_B, tokens.get(SID_B));
        assertThat(fourth.closed).isEqualTo(VoiceCloseCode.ALREADY_AUTHENTICATED);
        var fifth = client();
        for (int i = 0; i < 121; i++) {
            fifth.say("{\"op\":3,\"d\":" + i + "}");
        }
        assertThat(fifth.closed).isEqualTo(VoiceCloseCode.RATE_LIMITED);
        assertThat(fifth.ops().stream().filter(op -> op == 6)).hasSize(120);
    }

    @Test
    void resumesWithWhatWasMissedAndTheSameMedia() {
        var a = inVoice(A, SID);
        int seen = a.lastSequence();
        a.drop();
        var b = inVoice(B, SID_B);
        b.speak();
        int orders = relay.orders.size();
        var again = client();
        again.resume(G1, SID, tokens.get(SID), seen);
        assertThat(again.ops()).containsExactly(8, 9, 11, 5);
        assertThat(again.received.getLast().path("seq").intValue()).isEqualTo(seen + 2);
        assertThat(relay.orders).hasSize(orders);
        assertThat(again.closed).isNull();
        var stranger = client();
        stranger.resume(G1, SID, "wrong", seen);
        assertThat(stranger.closed).isEqualTo(VoiceCloseCode.AUTHENTICATION_FAILED);
        assertThat(again.closed).isNull();
        var unknown = client();
        unknown.resume(G1, SID2, tokens.get(SID), seen);
        assertThat(unknown.closed).isEqualTo(VoiceCloseCode.SESSION_INVALID);
    }

    @Test
    void resumesWithoutReplayBeforeVersion8() {
        var a = inVoice(A, SID);
        a.drop();
        inVoice(B, SID_B).speak();
        var again = new FakeVoiceClient(voice.gateway(), 4);
        again.resume(G1, SID, tokens.get(SID), -1);
        assertThat(again.ops()).containsExactly(8, 9);
        assertThat(again.first(8).path("d").has("v")).isFalse();
        again.say("{\"op\":3,\"d\":7}");
        assertThat(again.first(6).path("d").intValue()).isEqualTo(7);
    }

    @Test
    void keepsMediaForTheResumeWindowAndNoLonger() {
        var a = inVoice(A, SID);
        var b = inVoice(B, SID_B);
        a.drop();
        for (int second = 0; second < 59; second++) {
            elapse(Duration.ofSeconds(1));
            b.beat();
        }
        assertThat(relay.of(OrderCase.LEAVE)).isEmpty();
        b.beat();
        elapse(Duration.ofSeconds(2));
        assertThat(relay.of(OrderCase.LEAVE)).hasSize(1);
        assertThat(b.first(13).path("d").path("user_id").asString()).isEqualTo(Long.toString(A));
        assertThat(b.closed).isNull();
    }

    @Test
    void closesWhoIsSilentOrNeverIdentifies() {
        var silent = inVoice(A, SID);
        var unidentified = client();
        elapse(Duration.ofSeconds(11));
        assertThat(unidentified.closed).isEqualTo(VoiceCloseCode.NOT_AUTHENTICATED);
        assertThat(silent.closed).isNull();
        elapse(Duration.ofSeconds(10));
        assertThat(silent.closed).isEqualTo(VoiceCloseCode.SESSION_TIMEOUT);
        assertThat(relay.of(OrderCase.LEAVE)).isEmpty();
    }

    @Test
    void cutsOffWhoMovesBeforeItIsSentTheNextServer() {
        var a = inVoice(A, SID);
        published.clear();
        join(A, SID, OTHER);
        assertThat(a.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        assertThat(relay.of(OrderCase.LEAVE)).hasSize(1);
        assertThat(published).containsExactly("state A OTHER", "server A " + FakeRelay.GATEWAY);
    }

    @Test
    void replacesAnOlderConnectionOfTheSameUser() {
        var a = inVoice(A, SID);
        var again = client();
        again.identify(G1, A, SID, tokens.get(SID));
        assertThat(a.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        assertThat(again.ops()).startsWith(8, 2);
        assertThat(relay.of(OrderCase.LEAVE)).isEmpty();
        a.drop();
        assertThat(voice.gateway().hasSocket(G1, A, SID)).isTrue();
    }

    @Test
    void mutesAtTheVoiceServerWhomAModeratorMutes() {
        var a = inVoice(A, SID);
        a.speak();
        guilds.views.put(A, new UserVoiceView(CHANNEL, SID));
        guilds.serverMute = true;
        onBackendChange();
        var muted = relay.orders.getLast().getUpdate();
        assertThat(muted.getUserId()).isEqualTo(A);
        assertThat(muted.getFlags().getMute()).isTrue();
        assertThat(muted.getFlags().getSuppress()).isFalse();
        int orders = relay.orders.size();
        onBackendChange();
        assertThat(relay.orders).as("the same again").hasSize(orders);
        guilds.serverMute = false;
        onBackendChange();
        assertThat(relay.orders.getLast().getUpdate().getFlags().getMute()).isFalse();
        assertThat(a.closed).isNull();
    }

    @Test
    void cutsOffWhomAModeratorDisconnectsOrMoves() {
        var a = inVoice(A, SID);
        guilds.views.put(A, new UserVoiceView(0, ""));
        onBackendChange();
        assertThat(a.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        assertThat(relay.kinds()).endsWith(OrderCase.LEAVE, OrderCase.CLOSE);
        guilds.views.clear();
        clock.advance(Duration.ofSeconds(6));
        var again = inVoice(A, SID);
        guilds.views.put(A, new UserVoiceView(OTHER, SID));
        onBackendChange();
        assertThat(again.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        var moved = client();
        moved.identify(G1, A, SID, tokens.get(SID));
        moved.first(2);
        assertThat(relay.orders.getLast().getJoin().getChannelId()).isEqualTo(OTHER);
    }

    private void onBackendChange() {
        var change = GuildEvent.newBuilder()
                .setGuildId(G1)
                .setPublication(Publication.newBuilder().setPublisher("backend"))
                .setMutation(Mutation.newBuilder()
                        .setVoiceState(VoiceStateUpsert.newBuilder().setUserId(A)));
        voice.backendChanges()
                .onRecord(GuildRecord.newBuilder().setEvent(change).build())
                .block();
    }

    @Test
    void triesOtherSsrcsWhenOneIsTaken() {
        join(A, SID, CHANNEL);
        relay.outcome = MediaOutcome.SSRC_TAKEN;
        var a = client();
        a.identify(G1, A, SID, tokens.get(SID));
        assertThat(relay.of(OrderCase.JOIN)
                        .map(order -> order.getJoin().getStreams(0).getSsrc())
                        .distinct())
                .hasSize(3);
        assertThat(a.closed).isEqualTo(VoiceCloseCode.SESSION_INVALID);
    }

    private FakeVoiceClient client() {
        return new FakeVoiceClient(voice.gateway(), 8);
    }

    private VoiceCloseCode denied(long guild, long user, String session, String token) {
        var client = client();
        client.identify(guild, user, session, token);
        return client.closed;
    }

    private FakeVoiceClient inVoice(long user, String session) {
        join(user, session, CHANNEL);
        var client = client();
        client.identify(G1, user, session, tokens.get(session));
        client.select(GCM);
        client.first(4);
        return client;
    }
}
