package dev.guildcast.gateway.codec;

/// Checks UTF-8 as RFC 3629 defines it: no overlong form, no surrogate, no code point above U+10FFFF.
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] bytes) {
        int continuations = 0;
        // The range of the next continuation byte; narrower behind a lead byte that also begins invalid sequences.
        int from = 0x80;
        int to = 0xbf;
        for (byte each : bytes) {
            int value = each & 0xff;
            if (continuations > 0) {
                if (value < from || value > to) {
                    return false;
                }
                continuations--;
                from = 0x80;
                to = 0xbf;
            } else if (value >= 0x80) {
                if (value < 0xc2 || value > 0xf4) {
                    return false;
                }
                continuations = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
                from = value == 0xe0 ? 0xa0 : value == 0xf0 ? 0x90 : 0x80;
                to = value == 0xed ? 0x9f : value == 0xf4 ? 0x8f : 0xbf;
            }
        }
        return continuations == 0;
    }
}
