package dev.guildcast.backend.chat;

import java.time.InstantSource;

/// Makes ids that rise with time: 42 bits of milliseconds since 2015, 10 bits of the maker, 12 bits of a counter.
///
/// - **Owner:** its lock; any thread may ask.
/// - **Promise:** every id is above the one before, also when the clock steps back.
final class Snowflakes {
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    private static final long MAKER = 1L << 17;

    private final InstantSource clock;
    private long last;

    Snowflakes(InstantSource clock) {
        this.clock = clock;
    }

    synchronized long next() {
        long least = clock.millis() - EPOCH_MILLIS << 22 | MAKER;
        // A full counter runs over into the maker's bits and then into the next millisecond: still above the last.
        last = Math.max(least, last + 1);
        return last;
    }
}
