package dev.guildcast.session.attach;

import java.util.function.LongSupplier;

/// The current time by the log's timestamps. Between records it advances with this process's monotonic clock, so that
/// two hosts whose wall clocks differ still agree about the age of a record.
///
/// - **Owner:** the shard's loop.
final class LogTimeEstimator {
    private final LongSupplier nanoTime;
    private long offsetMillis = Long.MIN_VALUE;

    LogTimeEstimator(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A record with this append time was read. The one read soonest after its append is the best estimate.
    void onRecord(long atMillis) {
        offsetMillis = Math.max(offsetMillis, atMillis - nanoTime.getAsLong() / 1_000_000);
    }

    /// Unix milliseconds; meaningful only after the first record.
    long nowMillis() {
        return nanoTime.getAsLong() / 1_000_000 + offsetMillis;
    }
}
