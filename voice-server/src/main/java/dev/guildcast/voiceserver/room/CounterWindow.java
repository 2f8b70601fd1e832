package dev.guildcast.voiceserver.room;

import java.util.Arrays;

/// Which of the last numbers of a counter have been seen. The counter wraps at 32 bits.
///
/// - **Owner:** the media loop.
/// - **Bound:** [#SIZE] bits. What is older counts as seen.
final class CounterWindow {
    /// Twenty seconds of sound, a second of video: more than any network reorders.
    static final int SIZE = 1024;

    /// A `long` has 2^6 bits.
    private static final int WORD_BITS = 6;

    private final long[] seen = new long[SIZE >> WORD_BITS];
    private int highest;
    private boolean started;

    boolean isNew(int number) {
        int ahead = number - highest;
        return !started || ahead > 0 || ahead > -SIZE && (seen[word(number)] & bit(number)) == 0;
    }

    /// Marks the number, which is new.
    ///
    /// @return whether it is the highest by now
    boolean accept(int number) {
        int ahead = started ? number - highest : SIZE;
        if (ahead >= SIZE) {
            Arrays.fill(seen, 0);
        } else {
            for (int passed = 1; passed <= ahead; passed++) {
                int skipped = highest + passed;
                seen[word(skipped)] &= ~bit(skipped);
            }
        }
        seen[word(number)] |= bit(number);
        if (ahead > 0) {
            highest = number;
            started = true;
        }
        return ahead > 0;
    }

    /// The number nearest to the highest one that ends in these 16 bits.
    int extended(int low16) {
        return started ? highest + (short) (low16 - highest) : low16;
    }

    private static int word(int number) {
        return (number & SIZE - 1) >> WORD_BITS;
    }

    private static long bit(int number) {
        return 1L << number;
    }
}
