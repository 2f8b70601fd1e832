package dev.guildcast.session.link;

import java.util.function.LongSupplier;

/// What time the log has it: between records its clock goes on as ours does, so that two hosts whose clocks differ
/// still agree about the age of a record.
///
/// - **Owner:** the shard's loop.
final class LogClock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanoTime;
    private long aheadMillis = Long.MIN_VALUE;

    LogClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A record with this append time was read: the one read soonest after its append tells best.
    void onRecord(long atMillis) {
        aheadMillis = Math.max(aheadMillis, atMillis - nanoTime.getAsLong() / NANOS_PER_MILLI);
    }

    /// Unix milliseconds; meaningful once a record was read.
    long nowMillis() {
        return nanoTime.getAsLong() / NANOS_PER_MILLI + aheadMillis;
    }
}
