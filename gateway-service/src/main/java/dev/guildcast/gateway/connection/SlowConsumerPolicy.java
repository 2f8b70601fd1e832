package dev.guildcast.gateway.connection;

/// Decides what happens to a client that reads more slowly than its events arrive: its push is parked while the session
/// keeps its position, it is unparked once the client has caught up, and the client is closed if it does not. Other
/// clients never wait for it.
///
/// - **Owner:** the connection's event loop; [#isOverdue] may be called from any thread.
public final class SlowConsumerPolicy {
    /// What the caller has to do.
    enum Action {
        NONE,
        /// Stop pushing: the session keeps the dispatches that follow.
        PARK,
        /// Resume the push after the last sequence forwarded.
        UNPARK
    }

    private final long limitBytes;
    private final long parkedNanosMax;
    private volatile boolean parked;
    private volatile long parkedSinceNanos;

    /// @param limitBytes above it the push is parked; at half of it, unparked
    /// @param parkedNanosMax how long a client may stay parked
    public SlowConsumerPolicy(long limitBytes, long parkedNanosMax) {
        this.limitBytes = limitBytes;
        this.parkedNanosMax = parkedNanosMax;
    }

    /// To be called after frames were added to or taken from the queue.
    Action onHeldBytes(long heldBytes, long nowNanos) {
        if (!parked && heldBytes > limitBytes) {
            parkedSinceNanos = nowNanos;
            parked = true;
            return Action.PARK;
        }
        if (parked && heldBytes <= limitBytes / 2) {
            parked = false;
            return Action.UNPARK;
        }
        return Action.NONE;
    }

    /// Whether the client has been parked for longer than it may. From any thread.
    boolean isOverdue(long nowNanos) {
        return parked && nowNanos - parkedSinceNanos > parkedNanosMax;
    }
}
