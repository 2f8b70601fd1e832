package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.limit.LoadLevel;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.StreamKind;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoundRelayTest {
    private static final EncryptionMode GCM = EncryptionMode.AEAD_AES256_GCM_RTPSIZE;
    private static final EncryptionMode XCHACHA = EncryptionMode.AEAD_XCHACHA20_POLY1305_RTPSIZE;

    private final RelayFixture fixture = new RelayFixture();
    private final NativeClient ann = new NativeClient(1, GCM);
    private final NativeClient bob = new NativeClient(2, XCHACHA);
    private final NativeClient cid = new NativeClient(3, GCM);

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES256_GCM_RTPSIZE, AEAD_AES256_GCM_RTPSIZE",
        "AEAD_XCHACHA20_POLY1305_RTPSIZE, AEAD_XCHACHA20_POLY1305_RTPSIZE",
        "AEAD_AES256_GCM_RTPSIZE, AEAD_XCHACHA20_POLY1305_RTPSIZE",
        "AEAD_XCHACHA20_POLY1305_RTPSIZE, AEAD_AES256_GCM_RTPSIZE"
    })
    void isHeardByTheOtherInItsOwnMode(EncryptionMode one, EncryptionMode other) {
        var speaker = new NativeClient(4, one);
        var listener = new NativeClient(5, other);
        fixture.connect(speaker, listener);
        fixture.receive(speaker.sound("good morning"), speaker);
        fixture.receive(speaker.sound("again"), speaker);
        assertThat(fixture.heard(listener)).containsExactly("good morning", "again");
        assertThat(fixture.heard(speaker)).isEmpty();
    }

    @Test
    void keepsHeaderExtensionAndCsrcsAsTheyCame() {
        fixture.connect(ann, bob);
        byte[] header = HexFormat.of().parseHex("92f8000a000003c0" + "00000064" + "0000000100000002" + "bede0001");
        fixture.receive(ann.rtp(header, "10ff0000" + "f8fffe"), ann);
        assertThat(fixture.sent).hasSize(1);
        assertThat(bob.open(fixture.sent.getFirst().bytes()))
                .hasValueSatisfying(clear -> assertThat(HexFormat.of().formatHex(clear))
                        .isEqualTo(HexFormat.of().formatHex(header) + "10ff0000f8fffe"));
    }

    @Test
    void reachesEverybodyInTheRoomAndNobodyElse() {
        fixture.connect(ann, bob, cid);
        var elsewhere = new NativeClient(6, GCM);
        fixture.rooms.open(8, 1);
        fixture.rooms.join(8, 1, elsewhere.joining());
        fixture.receive(elsewhere.discovery(), elsewhere);
        fixture.receive(elsewhere.sound("x"), elsewhere);
        fixture.sent.clear();
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.heard(bob)).containsExactly("hello");
        assertThat(fixture.heard(cid)).containsExactly("hello");
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void givesEachReceiverThePayloadTypeThatItKnows() {
        var browserLike = new NativeClient(4, GCM).withPayloadType(111);
        fixture.connect(ann, browserLike);
        fixture.receive(ann.sound("hello"), ann);
        assertThat(browserLike.open(fixture.sent.getFirst().bytes()))
                .hasValueSatisfying(clear -> assertThat(clear[1]).isEqualTo((byte) 111));
        fixture.sent.clear();
        fixture.receive(browserLike.sound("hello"), browserLike);
        assertThat(ann.open(fixture.sent.getFirst().bytes()))
                .hasValueSatisfying(clear -> assertThat(clear[1]).isEqualTo((byte) 120));
    }

    @Test
    void dropsSoundUnderTheNumberOfAnotherCodecAndVideoUnderThatOfSound() {
        var streamer = new NativeClient(4, GCM).with(StreamKind.VIDEO, 401);
        fixture.connect(streamer, bob);
        fixture.receive(streamer.rtp(streamer.ssrc(), 96, "00"), streamer);
        fixture.receive(streamer.rtp(401, 120, "00"), streamer);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.PAYLOAD_TYPE)).isEqualTo(2);
        fixture.receive(streamer.rtp(401, 103, "00"), streamer);
        assertThat(fixture.sent).hasSize(1);
    }

    @Test
    void passesNothingOnOfWhomTheServerMutesAndAllAgainAfterwards() {
        var streamer = new NativeClient(4, GCM).with(StreamKind.VIDEO, 401);
        fixture.connect(streamer, bob);
        update(streamer, new VoiceFlags(true, false, false));
        fixture.receive(streamer.sound("muted"), streamer);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.MUTED)).isEqualTo(1);
        // A microphone is muted, not a camera.
        fixture.receive(streamer.rtp(401, 103, "00"), streamer);
        assertThat(fixture.sent).hasSize(1);
        fixture.sent.clear();
        update(streamer, VoiceFlags.NONE);
        fixture.receive(streamer.sound("back"), streamer);
        assertThat(fixture.heard(bob)).containsExactly("back");
    }

    @Test
    void passesNothingAtAllOnOfTheAudienceOfAStage() {
        var streamer = new NativeClient(4, GCM).with(StreamKind.VIDEO, 401);
        fixture.connect(streamer, bob);
        update(streamer, new VoiceFlags(false, false, true));
        fixture.receive(streamer.sound("suppressed"), streamer);
        fixture.receive(streamer.rtp(401, 103, "00"), streamer);
        fixture.receive(streamer.rtcp("80c80001" + "00000190"), streamer);
        assertThat(fixture.sent).isEmpty();
        assertThat(fixture.dropped(Dropped.SUPPRESSED)).isEqualTo(3);
    }

    @Test
    void sendsNoSoundToWhomTheServerDeafens() {
        var streamer = new NativeClient(4, GCM).with(StreamKind.VIDEO, 401).with(StreamKind.SCREEN_SOUND, 402);
        fixture.connect(streamer, bob, cid);
        update(bob, new VoiceFlags(false, true, false));
        fixture.receive(streamer.sound("hello"), streamer);
        fixture.receive(streamer.rtp(402, 120, "00"), streamer);
        assertThat(fixture.sent).extracting(RelayFixture.Datagram::target).containsOnly(RelayFixture.address(cid));
        fixture.sent.clear();
        fixture.receive(streamer.rtp(401, 103, "00"), streamer);
        assertThat(fixture.sent).hasSize(2);
        fixture.sent.clear();
        // Who hears nothing may still be heard.
        fixture.receive(bob.sound("I am deaf"), bob);
        assertThat(fixture.heard(cid)).containsExactly("I am deaf");
    }

    @Test
    void cutsOffWhoeverLeavesInBothDirections() {
        fixture.connect(ann, bob, cid);
        assertThat(fixture.rooms.leave(RelayFixture.ROOM, RelayFixture.EPOCH, bob.user()))
                .isEqualTo(RoomOutcome.DONE);
        fixture.receive(ann.sound("he is gone"), ann);
        fixture.receive(bob.sound("I am not"), bob);
        assertThat(fixture.heard(cid)).containsExactly("he is gone");
        assertThat(fixture.sent).hasSize(1);
        assertThat(fixture.dropped(Dropped.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void goesOnWithTheOthersWhenOneCannotBeSentTo() {
        fixture.connect(ann, bob, cid);
        fixture.troubles.put(RelayFixture.address(bob), PacketOutput.Sent.FAILED);
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.heard(cid)).containsExactly("hello");
        assertThat(fixture.dropped(Dropped.UNREACHABLE)).isEqualTo(1);
        fixture.troubles.put(RelayFixture.address(bob), PacketOutput.Sent.FULL);
        fixture.receive(ann.sound("hello"), ann);
        assertThat(fixture.dropped(Dropped.SEND_BUFFER)).isEqualTo(1);
    }

    @Test
    void shedsVideoFirstThenTheSoundOfScreensAndVoiceNever() {
        var streamer = new NativeClient(4, GCM)
                .with(StreamKind.VIDEO, 401)
                .with(StreamKind.SCREEN_SOUND, 402)
                .with(StreamKind.RETRANSMISSION, 403);
        fixture.connect(streamer, bob);
        assertThat(passedOn(streamer)).isEqualTo(4);
        load(0.9);
        load(0.9);
        assertThat(fixture.shedder.level()).isEqualTo(LoadLevel.WITHOUT_VIDEO);
        assertThat(passedOn(streamer)).isEqualTo(2);
        load(1);
        load(1);
        assertThat(fixture.shedder.level()).isEqualTo(LoadLevel.VOICE_ONLY);
        assertThat(passedOn(streamer)).isEqualTo(1);
        assertThat(fixture.heard(bob)).containsExactly("voice");
        for (int window = 0; window < 30; window++) {
            load(0.1);
        }
        assertThat(passedOn(streamer)).isEqualTo(4);
        assertThat(fixture.dropped(Dropped.SHED)).isEqualTo(2 + 3);
    }

    private int passedOn(NativeClient streamer) {
        fixture.sent.clear();
        fixture.receive(streamer.rtp(401, 103, "00"), streamer);
        fixture.receive(streamer.rtp(402, 120, "00"), streamer);
        fixture.receive(streamer.rtp(403, 104, "00"), streamer);
        fixture.receive(streamer.sound("voice"), streamer);
        int passed = fixture.sent.size();
        fixture.sent.removeIf(datagram -> streamerSound(datagram) == 0);
        return passed;
    }

    /// How many bytes of [NativeClient#sound] a datagram to bob holds.
    private int streamerSound(RelayFixture.Datagram datagram) {
        return bob.openSound(datagram.bytes())
                .filter("voice"::equals)
                .map(String::length)
                .orElse(0);
    }

    private void load(double share) {
        fixture.pass(Duration.ofMillis(100));
        // The shedder's clock is its own here; only differences count.
        shedderNanos += Duration.ofMillis(100).toNanos();
        fixture.shedder.onTurn((long) (share * Duration.ofMillis(100).toNanos()), shedderNanos);
    }

    private long shedderNanos;

    private void update(NativeClient client, VoiceFlags flags) {
        assertThat(fixture.rooms.update(RelayFixture.ROOM, RelayFixture.EPOCH, client.user(), flags))
                .isEqualTo(RoomOutcome.DONE);
    }
}
