package dev.guildcast.voiceserver.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtpHeaderTest {
    @ParameterizedTest
    @CsvSource({"80, 12", "90, 16", "81, 16", "8f, 72", "9f, 76", "a0, 12", "b2, 24"})
    void countsCsrcsAndThePreambleOfAnExtension(String first, int clear) {
        assertThat(RtpHeader.clearBytes(packet(first + "78", 76))).isEqualTo(clear);
        assertThat(RtpHeader.clearBytes(packet(first + "78", clear))).isEqualTo(clear);
        assertThat(RtpHeader.clearBytes(packet(first + "78", clear - 1))).isEqualTo(RtpHeader.MALFORMED);
        assertThat(clear).isLessThanOrEqualTo(RtpHeader.CLEAR_BYTES_MAX);
    }

    @ParameterizedTest
    @CsvSource({"00", "40", "c0"})
    void knowsVersionTwoOnly(String first) {
        assertThat(RtpHeader.clearBytes(packet(first + "78", 76))).isEqualTo(RtpHeader.MALFORMED);
    }

    @Test
    void readsItsFieldsUnsigned() {
        var packet = packet("80f8fffe" + "000003c0" + "ffffff42", 12);
        assertThat(RtpHeader.payloadType(packet)).isEqualTo(120);
        assertThat(RtpHeader.sequence(packet)).isEqualTo(65_534);
        assertThat(RtpHeader.ssrc(packet)).isEqualTo(0xffffff42);
    }

    @Test
    void leavesTheMarkerWhereAnotherPayloadTypeIsPut() {
        var marked = packet("80f8", 12);
        RtpHeader.setPayloadType(marked, 111);
        assertThat(marked.get(marked.position() + 1)).isEqualTo((byte) 0xef);
        var plain = packet("8078", 12);
        RtpHeader.setPayloadType(plain, 111);
        assertThat(plain.get(plain.position() + 1)).isEqualTo((byte) 0x6f);
    }

    private static ByteBuffer packet(String start, int bytes) {
        byte[] all = HexFormat.of().parseHex(start + "00".repeat(80));
        return ByteBuffer.allocate(100).position(5).put(all, 0, bytes).flip().position(5);
    }
}
