package dev.guildcast.benchmark.suite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Finds a short text in bytes by Horspool's method: most bytes are skipped unread, and nothing is allocated.
final class AsciiMarker {
    private final byte[] text;
    private final int[] skips = new int[256];

    AsciiMarker(String ascii) {
        text = ascii.getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(skips, text.length);
        for (int i = 0; i < text.length - 1; i++) {
            skips[text[i]] = text.length - 1 - i;
        }
    }

    /// The index after the first occurrence between the two indices; -1 if there is none.
    int endIn(ByteBuffer bytes, int from, int to) {
        int last = from + text.length - 1;
        while (last < to) {
            if (endsAt(bytes, last)) {
                return last + 1;
            }
            last += skips[bytes.get(last) & 0xff];
        }
        return -1;
    }

    private boolean endsAt(ByteBuffer bytes, int last) {
        int at = last;
        int i = text.length - 1;
        while (i >= 0 && bytes.get(at) == text[i]) {
            at--;
            i--;
        }
        return i < 0;
    }
}
