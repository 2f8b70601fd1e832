package dev.guildcast.fanout.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Limit on what the ingress holds in memory: events that wait for their append, and large ones being received.
///
/// - **Owner:** any thread.
/// - **Bound:** `eventsMax` and `bytesMax`.
/// - **Promise:** what was acquired is released once, by the same amount.
final class InFlightLimit {
    private final int eventsMax;
    private final long bytesMax;
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    InFlightLimit(int eventsMax, long bytesMax) {
        this.eventsMax = eventsMax;
        this.bytesMax = bytesMax;
    }

    /// @return whether it was within the limit; if not, nothing was acquired
    boolean tryAcquireEvent(long size) {
        if (events.incrementAndGet() > eventsMax || !tryAcquireBytes(size)) {
            events.decrementAndGet();
            return false;
        }
        return true;
    }

    void releaseEvent(long size) {
        events.decrementAndGet();
        releaseBytes(size);
    }

    boolean tryAcquireBytes(long size) {
        if (bytes.addAndGet(size) > bytesMax) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    void releaseBytes(long size) {
        bytes.addAndGet(-size);
    }

    int events() {
        return events.get();
    }

    long bytes() {
        return bytes.get();
    }
}
