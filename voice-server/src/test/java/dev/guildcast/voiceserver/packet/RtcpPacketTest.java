package dev.guildcast.voiceserver.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RtcpPacketTest {
    @Test
    void walksTheDatagramPacketByPacket() {
        // An empty receiver report, then a request for a key frame of 0x42.
        var datagram = datagram("80c9000100000007" + "81ce00020000000700000042");
        assertThat(types(datagram)).containsExactly(RtcpPacket.RECEIVER_REPORT, RtcpPacket.PAYLOAD_FEEDBACK);
        int second = datagram.position() + 8;
        assertThat(RtcpPacket.sender(datagram, second)).isEqualTo(7);
        assertThat(RtcpPacket.isFeedback(datagram, second, 12)).isTrue();
        assertThat(RtcpPacket.media(datagram, second)).isEqualTo(0x42);
        assertThat(RtcpPacket.isFeedback(datagram, datagram.position(), 8)).isFalse();
    }

    @Test
    void endsWhereALengthPointsPastTheDatagram() {
        assertThat(types(datagram("80c9000100000007" + "81ce00030000000700000042")))
                .containsExactly(RtcpPacket.RECEIVER_REPORT, RtcpPacket.MALFORMED);
        assertThat(types(datagram("80c9ffff00000007"))).containsExactly(RtcpPacket.MALFORMED);
    }

    @Test
    void endsAtAPacketTooShortToNameItsSenderAndAtAnotherVersion() {
        assertThat(types(datagram("80c9000000000007"))).containsExactly(RtcpPacket.MALFORMED);
        assertThat(types(datagram("40c9000100000007"))).containsExactly(RtcpPacket.MALFORMED);
        assertThat(types(datagram("80c900010000"))).containsExactly(RtcpPacket.MALFORMED);
        assertThat(RtcpPacket.bytes(datagram("80c9000100000007"), 2)).isEqualTo(RtcpPacket.MALFORMED);
    }

    @Test
    void takesFeedbackWithoutAStreamForNone() {
        var datagram = datagram("81ce000100000007");
        assertThat(RtcpPacket.isFeedback(datagram, datagram.position(), 8)).isFalse();
    }

    private static List<Integer> types(ByteBuffer datagram) {
        var types = new ArrayList<Integer>();
        for (int at = datagram.position(); at < datagram.limit(); ) {
            int bytes = RtcpPacket.bytes(datagram, at);
            if (bytes == RtcpPacket.MALFORMED) {
                types.add(bytes);
                break;
            }
            types.add(RtcpPacket.type(datagram, at));
            at += bytes;
        }
        return types;
    }

    private static ByteBuffer datagram(String hex) {
        return ByteBuffer.allocate(100)
                .position(3)
                .put(HexFormat.of().parseHex(hex))
                .flip()
                .position(3);
    }
}
