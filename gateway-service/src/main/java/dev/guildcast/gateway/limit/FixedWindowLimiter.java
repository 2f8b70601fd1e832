package dev.guildcast.gateway.limit;

/// A rate limiter with fixed windows: at most `limit` permits in each. Windows follow one another from a fixed start,
/// the way client libraries count them.
///
/// - **Owner:** the connection's event loop.
public final class FixedWindowLimiter {
    private final int limit;
    private final long windowNanos;
    private long startNanos;
    private int used;

    public FixedWindowLimiter(int limit, long windowNanos, long startNanos) {
        this.limit = limit;
        this.windowNanos = windowNanos;
        this.startNanos = startNanos;
    }

    /// Takes a permit; false when the current window has none left.
    public boolean tryAcquire(long nowNanos) {
        long windowsPassed = (nowNanos - startNanos) / windowNanos;
        if (windowsPassed > 0) {
            startNanos += windowsPassed * windowNanos;
            used = 0;
        }
        if (used >= limit) {
            return false;
        }
        used++;
        return true;
    }
}
