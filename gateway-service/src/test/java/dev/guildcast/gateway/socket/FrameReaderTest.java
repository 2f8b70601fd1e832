package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every first byte, mask bit and length form, inside and outside a message; and each split.
class FrameReaderTest {
    static final int MESSAGE_BYTES_MAX = 15_360;
    private static final byte[] MASK = {(byte) 0x9a, 0x1b, (byte) 0xfc, 0x3d};

    /// What a reader reports, as text.
    static final class Events implements FrameReader.Listener {
        final List<String> all = new ArrayList<>();

        @Override
        public void onMessage(byte[] message) {
            all.add("message " + HexFormat.of().formatHex(message));
        }

        @Override
        public void onPing(byte[] payload) {
            all.add("ping " + HexFormat.of().formatHex(payload));
        }

        @Override
        public void onPong() {
            all.add("pong");
        }

        @Override
        public void onClose(byte[] payload) {
            all.add("close " + FrameReader.closeCode(payload));
        }

        @Override
        public void onProtocolViolation() {
            all.add("violation");
        }

        @Override
        public void onInvalidUtf8() {
            all.add("utf8");
        }

        @Override
        public void onMessageTooLong() {
            all.add("too long");
        }
    }

    private static List<String> read(byte[]... parts) {
        var events = new Events();
        var reader = new FrameReader(MESSAGE_BYTES_MAX, events);
        for (var part : parts) {
            reader.read(Unpooled.wrappedBuffer(part));
        }
        return events.all;
    }

    /// @param form of the length: 7, 16 or 64 bits
    static byte[] frame(int first, boolean masked, int form, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        int maskBit = masked ? 0x80 : 0;
        switch (form) {
            case 7 -> out.write(maskBit | payload.length);
            case 16 -> {
                out.write(maskBit | 126);
                out.write(payload.length >> 8);
                out.write(payload.length);
            }
            default -> {
                out.write(maskBit | 127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    out.write((int) ((long) payload.length >> shift));
                }
            }
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % 4] : payload[i]);
        }
        return out.toByteArray();
    }

    private static byte[] frame(int first, byte[] payload) {
        return frame(first, true, payload.length < 126 ? 7 : payload.length < 65_536 ? 16 : 64, payload);
    }

    private static byte[] text(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    record HeaderCase(boolean inMessage, int first, boolean masked, int form, int length) {}

    static Stream<HeaderCase> headers() {
        var cases = new ArrayList<HeaderCase>();
        for (boolean inMessage : new boolean[] {false, true}) {
            for (int first = 0; first < 256; first++) {
                cases.add(new HeaderCase(inMessage, first, true, 7, 2));
                cases.add(new HeaderCase(inMessage, first, true, 7, 0));
            }
            for (int opcode : new int[] {0, 1, 2, 8, 9, 10}) {
                cases.add(new HeaderCase(inMessage, 0x80 | opcode, false, 7, 2));
                for (int form : new int[] {7, 16, 64}) {
                    for (int length : new int[] {1, 124, 125, 126, 127, 65_535, 65_536}) {
                        if (form == 64 || length <= (form == 16 ? 65_535 : 125)) {
                            cases.add(new HeaderCase(inMessage, 0x80 | opcode, true, form, length));
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    /// RFC 6455 sections 5.2, 5.4 and 5.5, as one condition each.
    private static String expected(HeaderCase it) {
        int opcode = it.first & 0x0f;
        boolean fin = (it.first & 0x80) != 0;
        boolean reservedBits = (it.first & 0x70) != 0;
        boolean reservedOpcode = opcode >= 3 && opcode <= 7 || opcode >= 11;
        boolean control = opcode >= 8;
        boolean fragmentedOrLongControl = control && (!fin || it.form != 7);
        boolean continuesNothing = opcode == 0 && !it.inMessage;
        boolean startsWithinMessage = (opcode == 1 || opcode == 2) && it.inMessage;
        boolean notMinimal = it.form == 16 && it.length < 126 || it.form == 64 && it.length < 65_536;
        boolean halfCode = opcode == 8 && it.length == 1;
        if (reservedBits
                || reservedOpcode
                || fragmentedOrLongControl
                || continuesNothing
                || startsWithinMessage
                || !it.masked
                || notMinimal
                || halfCode) {
            return "violation";
        }
        if (!control && it.length + (it.inMessage ? 1 : 0) > MESSAGE_BYTES_MAX) {
            return "too long";
        }
        return switch (opcode) {
            case 8 -> "close " + (it.length == 0 ? -1 : 1000);
            case 9 -> "ping";
            case 10 -> "pong";
            default -> fin ? "message" : "";
        };
    }

    @ParameterizedTest
    @MethodSource("headers")
    void everyHeaderIsAcceptedOrRefusedAsTheSpecificationSays(HeaderCase it) {
        // 03e8 is the code 1000; the rest of it is text.
        var payload = new byte[it.length];
        Arrays.fill(payload, (byte) 'x');
        if (it.length >= 2 && (it.first & 0x0f) == 8) {
            payload[0] = 0x03;
            payload[1] = (byte) 0xe8;
        }
        var start = it.inMessage ? text(0x01, "s") : new byte[0];
        var events = read(join(start, frame(it.first, it.masked, it.form, payload)));
        assertThat(events.isEmpty() ? "" : events.getFirst()).startsWith(expected(it));
        assertThat(events.size()).isEqualTo(expected(it).isEmpty() ? 0 : 1);
    }

    private static final byte[] CONVERSATION = join(
            text(0x81, "{\"op\":1}"),
            text(0x89, "p1"),
            text(0x01, "grüße "),
            text(0x8a, ""),
            text(0x00, ""),
            text(0x89, "between"),
            text(0x80, "\u20ac\ud83d\ude00"),
            frame(0x82, new byte[300]),
            frame(0x82, new byte[0]),
            frame(0x02, new byte[] {1, 2, 3}),
            frame(0x80, new byte[126]),
            frame(0x88, new byte[] {0x0f, (byte) 0xa0, 'b', 'y', 'e'}),
            text(0x81, "after the close"));

    private static final List<String> CONVERSATION_EVENTS = List.of(
            "message " + hex("{\"op\":1}"),
            "ping " + hex("p1"),
            "pong",
            "ping " + hex("between"),
            "message " + hex("grüße \u20ac\ud83d\ude00"),
            "message " + "00".repeat(300),
            "message ",
            "message 010203" + "00".repeat(126),
            "close 4000");

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void framesMayBeSplitAtEveryByte() {
        assertThat(read(CONVERSATION)).isEqualTo(CONVERSATION_EVENTS);
        for (int cut = 0; cut <= CONVERSATION.length; cut++) {
            assertThat(read(
                            Arrays.copyOf(CONVERSATION, cut),
                            Arrays.copyOfRange(CONVERSATION, cut, CONVERSATION.length)))
                    .as("cut at %d", cut)
                    .isEqualTo(CONVERSATION_EVENTS);
        }
        var single = new byte[CONVERSATION.length][];
        for (int i = 0; i < single.length; i++) {
            single[i] = new byte[] {CONVERSATION[i]};
        }
        assertThat(read(single)).isEqualTo(CONVERSATION_EVENTS);
    }

    @Test
    void framesMayBeSplitIntoThreePartsAnywhere() {
        var part = Arrays.copyOf(CONVERSATION, 90);
        var expected = read(part);
        for (int first = 0; first <= part.length; first++) {
            for (int second = first; second <= part.length; second++) {
                assertThat(read(
                                Arrays.copyOf(part, first),
                                Arrays.copyOfRange(part, first, second),
                                Arrays.copyOfRange(part, second, part.length)))
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "80",
        "bf",
        "c0af",
        "c180",
        "c1bf",
        "e080af",
        "e09fbf",
        "f08080af",
        "f08fbfbf",
        "eda080",
        "edbfbf",
        "f4908080",
        "f5808080",
        "f888808080",
        "fc8480808080",
        "fe",
        "ff",
        "c328",
        "e28228",
        "e228a1",
        "f0288cbc",
        "f09028bc",
        "f0908c28"
    })
    void textThatIsNotUtf8IsReportedAtItsFirstInvalidByte(String hex) {
        var invalid = HexFormat.of().parseHex(hex);
        var payload =
                join("ab\u00fc".getBytes(StandardCharsets.UTF_8), invalid, "rest".getBytes(StandardCharsets.US_ASCII));
        var fragment = frame(0x01, payload);
        var events = new Events();
        var reader = new FrameReader(MESSAGE_BYTES_MAX, events);
        int needed = 0;
        for (; events.all.isEmpty() && needed < fragment.length; needed++) {
            reader.read(Unpooled.wrappedBuffer(new byte[] {fragment[needed]}));
        }
        assertThat(events.all).containsExactly("utf8");
        // The header and the valid text are ten bytes; no byte behind the invalid sequence is needed.
        assertThat(needed).isLessThanOrEqualTo(6 + 4 + invalid.length);
        // Binary messages have no encoding of their own.
        assertThat(read(frame(0x02, payload), frame(0x80, new byte[0])))
                .containsExactly("message " + HexFormat.of().formatHex(payload));
    }

    @ParameterizedTest
    @CsvSource({"c3", "e282", "e2", "f09f98", "f0"})
    void aCharacterMayEndInTheNextFragmentOnly(String hex) {
        var begin = HexFormat.of().parseHex(hex);
        assertThat(read(frame(0x01, begin), frame(0x80, new byte[] {'x'}))).containsExactly("utf8");
        assertThat(read(frame(0x01, begin))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, violation",
        "999, violation",
        "1000, close 1000",
        "1001, close 1001",
        "1003, close 1003",
        "1004, violation",
        "1005, violation",
        "1006, violation",
        "1007, close 1007",
        "1011, close 1011",
        "1014, close 1014",
        "1015, violation",
        "1016, violation",
        "1100, violation",
        "2000, violation",
        "2999, violation",
        "3000, close 3000",
        "3999, close 3999",
        "4000, close 4000",
        "4999, close 4999"
    })
    void closeCodesThatMustNotBeSentAreViolations(int code, String expected) {
        assertThat(read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code})))
                .containsExactly(expected);
    }

    @Test
    void aReasonThatIsNotUtf8IsAViolation() {
        assertThat(read(frame(0x88, new byte[] {0x03, (byte) 0xe8, (byte) 0xc0, (byte) 0xaf})))
                .containsExactly("violation");
        assertThat(read(frame(0x88, new byte[] {0x03, (byte) 0xe8, (byte) 0xc3})))
                .containsExactly("violation");
    }

    @ParameterizedTest
    @CsvSource({"15360, 0", "15359, 1", "1, 15359", "7680, 7680"})
    void theLimitIsOfTheMessageAndNotOfAFrame(int first, int second) {
        assertThat(read(frame(0x02, new byte[first]), frame(0x80, new byte[second])))
                .containsExactly("message " + "00".repeat(MESSAGE_BYTES_MAX));
        assertThat(read(frame(0x02, new byte[first]), frame(0x80, new byte[second + 1])))
                .containsExactly("too long");
    }

    @Test
    void aLengthWithItsHighestBitSetIsAViolation() {
        assertThat(read(HexFormat.of().parseHex("82ff8000000000000001"))).containsExactly("violation");
        assertThat(read(HexFormat.of().parseHex("82ff7fffffffffffffff"))).containsExactly("too long");
    }

    @Test
    void nothingIsReportedAfterAViolation() {
        assertThat(read(text(0x83, "x"), text(0x81, "y"), text(0x88, ""))).containsExactly("violation");
    }
}
