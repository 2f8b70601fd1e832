package dev.guildcast.voiceserver.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.room.StreamKind;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtcpRelayTest {
    private static final String ANN = "00000064";
    private static final String BOB = "000000c8";
    private static final String VIDEO = "00000191";
    private static final String SENDER_REPORT = "80c80006" + ANN + "00".repeat(20);
    private static final String RECEIVER_REPORT = "81c90007" + ANN + "00".repeat(24);
    private static final String KEY_FRAME = "81ce0002" + ANN + VIDEO;
    private static final String LOST_PACKETS = "81cd0003" + ANN + VIDEO + "00010000";

    private final RelayFixture fixture = new RelayFixture();
    private final NativeClient ann = new NativeClient(1, EncryptionMode.AEAD_AES256_GCM_RTPSIZE);
    private final NativeClient bob = new NativeClient(2, EncryptionMode.AEAD_XCHACHA20_POLY1305_RTPSIZE);
    private final NativeClient streamer =
            new NativeClient(4, EncryptionMode.AEAD_AES256_GCM_RTPSIZE).with(StreamKind.VIDEO, 401);

    @Test
    void passesASenderReportToTheRoom() {
        fixture.connect(ann, bob, streamer);
        fixture.receive(ann.rtcp(SENDER_REPORT), ann);
        assertThat(opened(bob)).containsExactly(SENDER_REPORT);
        assertThat(opened(streamer)).containsExactly(SENDER_REPORT);
        assertThat(opened(ann)).isEmpty();
    }

    @Test
    void passesFeedbackToWhoseStreamItIsAboutPacketByPacket() {
        fixture.connect(ann, bob, streamer);
        fixture.receive(ann.rtcp(RECEIVER_REPORT + KEY_FRAME + LOST_PACKETS), ann);
        assertThat(opened(streamer)).containsExactly(KEY_FRAME, LOST_PACKETS);
        assertThat(fixture.sent).hasSize(2);
    }

    @Test
    void reportsInNobodyElsesName() {
        fixture.connect(ann, bob, streamer);
        fixture.receive(ann.rtcp(RECEIVER_REPORT + "81ce0002" + BOB + VIDEO + "80c80006" + BOB + "00".repeat(20)), ann);
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void passesNoFeedbackIntoAnotherRoom() {
        fixture.connect(ann, bob);
        fixture.rooms.open(8, 1);
        fixture.rooms.join(8, 1, streamer.joining());
        fixture.receive(streamer.discovery(), streamer);
        fixture.receive(streamer.sound("x"), streamer);
        fixture.sent.clear();
        fixture.receive(ann.rtcp(KEY_FRAME), ann);
        assertThat(fixture.sent).isEmpty();
    }

    @Test
    void endsAtWhatIsMalformedInsideAndKeepsWhatCameBefore() {
        fixture.connect(ann, bob, streamer);
        fixture.receive(ann.rtcp(KEY_FRAME + "81ceffff" + ANN + VIDEO), ann);
        assertThat(opened(streamer)).containsExactly(KEY_FRAME);
        assertThat(fixture.dropped(Dropped.MALFORMED)).isEqualTo(1);
    }

    @Test
    void multipliesNoDatagramThatIsFullOfPackets() {
        fixture.connect(ann, bob, streamer);
        fixture.receive(ann.rtcp(SENDER_REPORT.repeat(70)), ann);
        assertThat(opened(bob)).hasSize(8);
        fixture.sent.clear();
        for (int i = 0; i < 3; i++) {
            fixture.receive(ann.rtcp(KEY_FRAME.repeat(150)), ann);
        }
        assertThat(opened(streamer)).hasSizeLessThan(100);
        assertThat(fixture.dropped(Dropped.STREAM_RATE)).isGreaterThan(100);
    }

    @Test
    void passesNoReportTwiceAndNoneThatIsForged() {
        fixture.connect(ann, bob);
        // The first two show in which order the client counts.
        fixture.receive(ann.rtcp(SENDER_REPORT), ann);
        var report = ann.rtcp(SENDER_REPORT);
        fixture.receive(report, ann);
        fixture.receive(report, ann);
        fixture.receive(bob.rtcp(SENDER_REPORT), bob);
        assertThat(opened(bob)).hasSize(2);
        assertThat(fixture.dropped(Dropped.REPLAYED)).isEqualTo(1);
        assertThat(fixture.dropped(Dropped.FORGED)).isEqualTo(1);
    }

    private List<String> opened(NativeClient client) {
        return fixture.sent.stream()
                .filter(datagram -> datagram.target().equals(RelayFixture.address(client)))
                .map(datagram ->
                        HexFormat.of().formatHex(client.open(datagram.bytes()).orElseThrow()))
                .toList();
    }
}
