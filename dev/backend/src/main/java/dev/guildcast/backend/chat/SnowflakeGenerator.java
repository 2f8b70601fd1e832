package dev.guildcast.backend.chat;

import java.time.InstantSource;

/// Generates ids that rise with time: 42 bits of milliseconds since 2015, 10 worker bits, a counter of 12 bits.
///
/// - **Owner:** its lock; any thread may call.
/// - **Promise:** every id is greater than the previous one, also when the clock steps back.
final class SnowflakeGenerator {
    /// The beginning of 2015, from which Discord counts.
    private static final long EPOCH_MILLIS = 1_420_070_400_000L;
    /// One process creates all ids here, so its worker bits are constant.
    private static final long WORKER_BITS = 1L << 17;

    private final InstantSource clock;
    private long last;

    SnowflakeGenerator(InstantSource clock) {
        this.clock = clock;
    }

    synchronized long next() {
        long earliest = clock.millis() - EPOCH_MILLIS << 22 | WORKER_BITS;
        // A counter that overflows reaches the worker bits and then the next millisecond: still greater than the last.
        last = Math.max(earliest, last + 1);
        return last;
    }
}
