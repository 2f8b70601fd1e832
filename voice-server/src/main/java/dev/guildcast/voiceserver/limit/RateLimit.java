package dev.guildcast.voiceserver.limit;

import java.util.concurrent.TimeUnit;

/// A rate with a burst, as one number: the time at which the next packet is due (the generic cell rate algorithm).
///
/// - **Owner:** the media loop.
public final class RateLimit {
    private final long intervalNanos;
    private final long burstNanos;
    private long dueNanos;
    private boolean started;

    /// @param perSecond at least 1
    /// @param burst how many may come at once after a pause; at least 1
    public RateLimit(int perSecond, int burst) {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    perSecond + " a second, " + burst + " at once (expected: at least 1 of each)");
        }
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        burstNanos = intervalNanos * (burst - 1);
    }

    /// Takes one, or answers false and takes none.
    public boolean tryTake(long nowNanos) {
        if (!started || dueNanos - nowNanos < 0) {
            started = true;
            dueNanos = nowNanos;
        }
        if (dueNanos - nowNanos > burstNanos) {
            return false;
        }
        dueNanos += intervalNanos;
        return true;
    }
}
