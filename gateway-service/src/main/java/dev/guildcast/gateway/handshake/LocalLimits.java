package dev.guildcast.gateway.handshake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counters that run out: what Redis does with expiring keys, in this process.
///
/// - **Owner:** any thread, under this object's lock.
/// - **Bound:** `keysMax`, the least recently used forgotten first.
final class LocalLimits {
    private final Map<String, Counter> counters;
    private final LongSupplier millis;

    LocalLimits(int keysMax, LongSupplier millis) {
        this.millis = millis;
        this.counters = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Counter> eldest) {
                return size() > keysMax;
            }
        };
    }

    /// Counts one, beginning a window of this length if none runs.
    synchronized void count(String key, long windowMillis) {
        var counter = running(key);
        if (counter.count++ == 0) {
            counter.endMillis = millis.getAsLong() + windowMillis;
        }
        counters.put(key, counter);
    }

    synchronized int used(String key) {
        return running(key).count;
    }

    /// Milliseconds until the key's window is over; 0 if none runs.
    synchronized long leftMillis(String key) {
        var counter = running(key);
        return counter.count == 0 ? 0 : counter.endMillis - millis.getAsLong();
    }

    private Counter running(String key) {
        var counter = counters.get(key);
        return counter == null || counter.endMillis <= millis.getAsLong() ? new Counter() : counter;
    }

    private static final class Counter {
        private int count;
        private long endMillis;
    }
}
