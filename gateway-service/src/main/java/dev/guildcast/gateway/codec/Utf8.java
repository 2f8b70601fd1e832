package dev.guildcast.gateway.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Checks UTF-8 as RFC 3629 defines it: no overlong form, no surrogate, no code point above U+10FFFF. Text may be
/// checked in parts: a check takes the state in which the one before it has ended.
public final class Utf8 {
    /// The state between two characters: before the text, and at its end if it is valid.
    public static final int COMPLETE = 0;

    /// The state after a byte that no valid text has there.
    public static final int INVALID = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long NON_ASCII = 0x8080808080808080L;

    private Utf8() {}

    static boolean isValid(byte[] bytes) {
        return check(COMPLETE, bytes, 0, bytes.length) == COMPLETE;
    }

    /// Checks a part of a text.
    ///
    /// @param state [#COMPLETE] for the first part
    /// @return the state behind it; any but [#COMPLETE] and [#INVALID] is within a character
    public static int check(int state, byte[] bytes, int from, int to) {
        if (state == INVALID) {
            return INVALID;
        }
        // Within a character: the number of bytes that it lacks, and the range of the next one, which is narrower
        // behind a first byte that also begins invalid sequences.
        int missing = state >> 16;
        int low = state >> 8 & 0xff;
        int high = state & 0xff;
        int i = from;
        while (i < to) {
            if (missing == 0) {
                while (i <= to - Long.BYTES && ((long) LONGS.get(bytes, i) & NON_ASCII) == 0) {
                    i += Long.BYTES;
                }
                if (i == to) {
                    break;
                }
            }
            int value = bytes[i++] & 0xff;
            if (missing > 0) {
                if (value < low || value > high) {
                    return INVALID;
                }
                missing--;
                low = 0x80;
                high = 0xbf;
            } else if (value >= 0x80) {
                if (value < 0xc2 || value > 0xf4) {
                    return INVALID;
                }
                missing = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
                low = value == 0xe0 ? 0xa0 : value == 0xf0 ? 0x90 : 0x80;
                high = value == 0xed ? 0x9f : value == 0xf4 ? 0x8f : 0xbf;
            }
        }
        return missing == 0 ? COMPLETE : missing << 16 | low << 8 | high;
    }
}
