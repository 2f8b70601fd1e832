package dev.guildcast.voiceserver.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketTypeTest {
    private static final String ZEROES = "00".repeat(80);

    @ParameterizedTest
    @CsvSource({
        "80780001, 32, RTP",
        "90780001, 32, RTP",
        "bf600001, 32, RTP",
        // The marker with payload types 72 to 79 would look like RTCP, so RFC 5761 keeps them free.
        "80c80006, 28, RTCP",
        "81cf0001, 28, RTCP",
        "80c70006, 28, RTP",
        "80d00006, 28, RTP",
        "00010046, 74, DISCOVERY",
        // A discovery of another length is none, and no STUN either.
        "00010046, 73, UNKNOWN",
        "00010045, 74, UNKNOWN",
        "00020046, 74, UNKNOWN",
        "80780001, 8, PING",
        "1337cafe, 8, PING",
        "00000000, 8, PING",
        "c9000000, 9, KEEP_ALIVE",
        "c9000000, 10, UNKNOWN",
        "000100002112a442, 20, STUN",
        "030100002112a442, 20, STUN",
        "000100002112a442, 19, UNKNOWN",
        "000100002112a443, 20, UNKNOWN",
        "16fefd00, 13, DTLS",
        "14fefd00, 13, DTLS",
        "3ffefd00, 13, DTLS",
        "16fefd00, 12, UNKNOWN",
        "40000000, 20, UNKNOWN",
        "7f000000, 20, UNKNOWN",
        "c0000000, 20, UNKNOWN",
        "04000000, 20, UNKNOWN"
    })
    void classifiesDatagrams(String start, int bytes, PacketType type) {
        assertThat(PacketType.of(datagram(start, bytes))).isEqualTo(type);
    }

    @Test
    void classifiesNothingThatIsShorterThanAPing() {
        for (int bytes = 0; bytes < 8; bytes++) {
            assertThat(PacketType.of(datagram("80780001", bytes))).isEqualTo(PacketType.UNKNOWN);
        }
    }

    private static ByteBuffer datagram(String start, int bytes) {
        byte[] all = HexFormat.of().parseHex(start + ZEROES);
        // Not at the beginning of its buffer, so that a wrong offset shows.
        return ByteBuffer.allocate(100).position(7).put(all, 0, bytes).flip().position(7);
    }
}
