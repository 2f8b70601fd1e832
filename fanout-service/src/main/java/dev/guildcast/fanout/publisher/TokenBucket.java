package dev.guildcast.fanout.publisher;

/// A quota: so many units a second on average, and at most a second's worth at once.
///
/// - **Owner:** any thread; its lock.
/// - **Bound:** two numbers.
/// - **Promise:** a cost above a second's worth is admitted when the bucket is full, and the time for the rest of it
///   passes before anything else is.
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private double available;
    private long filledNanos;

    TokenBucket(long perSecond, long nowNanos) {
        available = perSecond;
        filledNanos = nowNanos;
    }

    /// @return 0 if the cost was taken, else nanoseconds until it could be; then nothing was
    synchronized long take(long cost, long perSecond, long nowNanos) {
        available = Math.min(perSecond, available + Math.max(0, nowNanos - filledNanos) / NANOS_PER_SECOND * perSecond);
        filledNanos = nowNanos;
        double needed = Math.min(cost, perSecond);
        if (available >= needed) {
            available -= cost;
            return 0;
        }
        return (long) Math.ceil((needed - available) / perSecond * NANOS_PER_SECOND);
    }

    /// Returns what was taken for something that did not happen.
    synchronized void giveBack(long cost) {
        available += cost;
    }
}
