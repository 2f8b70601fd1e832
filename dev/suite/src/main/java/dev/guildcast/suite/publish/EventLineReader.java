package dev.guildcast.suite.publish;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Reads events line by line; a line that cannot be sent does not keep the others from being read.
///
/// - **Owner:** one thread.
/// - **Bound:** one line of `lineBytesMax` in memory; of a longer one only the length is known.
public final class EventLineReader {
    /// A line of the input.
    public sealed interface Line {
        /// From 1.
        int number();
    }

    /// A line that can be sent.
    public record EventLine(int number, byte[] text) implements Line {}

    /// A line that cannot.
    ///
    /// @param reason for the user
    public record RefusedLine(int number, String reason) implements Line {}

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final int lineBytesMax;
    private int number;

    public EventLineReader(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in);
        this.lineBytesMax = lineBytesMax;
    }

    /// The next line that is not blank; empty at the end.
    public Optional<Line> next() throws IOException {
        while (true) {
            var line = new ByteArrayOutputStream();
            long bytes = 0;
            int b = in.read();
            if (b < 0) {
                return Optional.empty();
            }
            number++;
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (++bytes <= lineBytesMax) {
                    line.write(b);
                }
            }
            if (bytes > lineBytesMax) {
                return Optional.of(new RefusedLine(
                        number,
                        "is " + bytes + " bytes (expected: at most " + lineBytesMax
                                + "; a guild may be larger over HTTP)"));
            }
            var text = line.toByteArray();
            if (number == 1 && startsWithByteOrderMark(text)) {
                text = Arrays.copyOfRange(text, BYTE_ORDER_MARK.length, text.length);
            }
            int malformed = malformedAt(text);
            if (malformed >= 0) {
                return Optional.of(new RefusedLine(
                        number,
                        "has the byte 0x" + Integer.toHexString(text[malformed] & 0xFF) + " at offset " + malformed
                                + ", which is not UTF-8 (expected: JSON in UTF-8)"));
            }
            if (!isBlank(text)) {
                return Optional.of(new EventLine(number, text));
            }
        }
    }

    private static boolean startsWithByteOrderMark(byte[] text) {
        return text.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(text, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /// The offset of the first byte that is not part of a character in UTF-8, -1 if there is none.
    private static int malformedAt(byte[] text) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(text);
        var out = CharBuffer.allocate(1024);
        while (true) {
            var result = decoder.decode(in, out, true);
            if (result.isError()) {
                return in.position();
            }
            if (result.isUnderflow()) {
                return -1;
            }
            out.clear();
        }
    }
}
