package dev.guildcast.gateway.outbound;

/// What to do with a client that reads slower than its events come: stop pushing, keep its place, let it catch up, and
/// cut it when it does not. Others never wait for it.
///
/// - **Owner:** the connection's event loop.
public final class SlowConsumerPolicy {
    /// What changes now.
    public enum Step {
        NONE,
        /// Stop pushing: the session keeps what follows.
        PARK,
        /// Push again from the last sequence forwarded.
        UNPARK
    }

    private final long limitBytes;
    private final long parkedNanosMax;
    private volatile boolean parked;
    private volatile long parkedSinceNanos;

    /// @param limitBytes above it the push is parked; below half of it, taken up again
    /// @param parkedNanosMax how long a client may stay parked
    public SlowConsumerPolicy(long limitBytes, long parkedNanosMax) {
        this.limitBytes = limitBytes;
        this.parkedNanosMax = parkedNanosMax;
    }

    /// After a frame was added or taken.
    public Step onHeld(long heldBytes, long nowNanos) {
        if (!parked && heldBytes > limitBytes) {
            parkedSinceNanos = nowNanos;
            parked = true;
            return Step.PARK;
        }
        if (parked && heldBytes <= limitBytes / 2) {
            parked = false;
            return Step.UNPARK;
        }
        return Step.NONE;
    }

    /// Whether the client has been parked for longer than it may. From any thread.
    public boolean isOverdue(long nowNanos) {
        return parked && nowNanos - parkedSinceNanos > parkedNanosMax;
    }
}
