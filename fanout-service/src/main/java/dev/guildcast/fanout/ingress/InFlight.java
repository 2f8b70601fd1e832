package dev.guildcast.fanout.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What the ingress holds in memory: events that wait for their append, and large ones that are being received.
///
/// - **Owner:** any thread.
/// - **Bound:** `eventsMax` and `bytesMax`.
/// - **Promise:** what was taken is given back by the same figure, once.
final class InFlight {
    private final int eventsMax;
    private final long bytesMax;
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    InFlight(int eventsMax, long bytesMax) {
        this.eventsMax = eventsMax;
        this.bytesMax = bytesMax;
    }

    /// @return whether there was room; if not, nothing was taken
    boolean takeEvent(long size) {
        if (events.incrementAndGet() > eventsMax || !takeBytes(size)) {
            events.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveEvent(long size) {
        events.decrementAndGet();
        giveBytes(size);
    }

    boolean takeBytes(long size) {
        if (bytes.addAndGet(size) > bytesMax) {
            bytes.addAndGet(-size);
            return false;
        }
        return true;
    }

    void giveBytes(long size) {
        bytes.addAndGet(-size);
    }

    int events() {
        return events.get();
    }

    long bytes() {
        return bytes.get();
    }
}
