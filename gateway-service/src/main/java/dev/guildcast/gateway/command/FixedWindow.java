package dev.guildcast.gateway.command;

/// So many in each window; windows follow one another from a fixed start, as clients budget theirs.
///
/// - **Owner:** the connection's event loop.
public final class FixedWindow {
    private final int limit;
    private final long windowNanos;
    private long startNanos;
    private int used;

    public FixedWindow(int limit, long windowNanos, long startNanos) {
        this.limit = limit;
        this.windowNanos = windowNanos;
        this.startNanos = startNanos;
    }

    /// Takes one; false when the window has no more.
    public boolean tryTake(long nowNanos) {
        long passed = (nowNanos - startNanos) / windowNanos;
        if (passed > 0) {
            startNanos += passed * windowNanos;
            used = 0;
        }
        if (used >= limit) {
            return false;
        }
        used++;
        return true;
    }
}
