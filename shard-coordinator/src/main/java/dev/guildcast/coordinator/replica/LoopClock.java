package dev.guildcast.coordinator.replica;

import dev.guildcast.coordinator.lease.LeaseProperties;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The time during which the replica's loop has run, in milliseconds.
///
/// While the process is stopped, or its loop is blocked in the store, the reports of nodes wait for it: that time says
/// nothing about the nodes. The loop reads this clock with every tick and every request; what lies between two readings
/// counts as one step at most. So a pause of any length takes a step from each lease and limit, and the reports that
/// waited are applied before one of them can expire.
///
/// - **Owner:** the replica's loop.
/// - **Promise:** never goes back, and never runs ahead of the clock that it is based on.
final class LoopClock {
    /// A step is a sixth of a lease: a node renews every third, so that after a pause it still has half of its lease.
    private static final int STEPS_PER_LEASE = 6;

    private final LongSupplier nanoTime;
    private final long stepMaxMillis;
    private long lastMillis;
    private long skippedMillis;
    private long lastPauseMillis;
    private boolean paused;

    /// @param nanoTime nanoseconds of a clock that never goes back
    LoopClock(LongSupplier nanoTime, LeaseProperties lease) {
        this.nanoTime = nanoTime;
        // Ticks that are a little late must not slow the clock down.
        this.stepMaxMillis =
                Math.max(2 * lease.checkEvery().toMillis(), lease.duration().toMillis() / STEPS_PER_LEASE);
        this.lastMillis = readMillis();
    }

    long millis() {
        long now = readMillis();
        long excess = now - lastMillis - stepMaxMillis;
        lastMillis = now;
        if (excess > 0) {
            skippedMillis += excess;
            paused = true;
            lastPauseMillis = now - skippedMillis;
        }
        return now - skippedMillis;
    }

    /// Whether a pause ended within the last `millis`.
    boolean pausedWithin(long millis) {
        long now = millis();
        return paused && now - lastPauseMillis < millis;
    }

    private long readMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }
}
