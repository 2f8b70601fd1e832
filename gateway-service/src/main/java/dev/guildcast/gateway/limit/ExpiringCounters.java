package dev.guildcast.gateway.limit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counters that expire, as keys of Redis do, in this process.
///
/// - **Owner:** any thread, under this object's lock.
/// - **Bound:** `keysMax` counters; the least recently used are evicted first.
final class ExpiringCounters {
    private final Map<String, Counter> counters;
    private final LongSupplier monotonicMillis;

    ExpiringCounters(int keysMax, LongSupplier monotonicMillis) {
        this.monotonicMillis = monotonicMillis;
        this.counters = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Counter> eldest) {
                return size() > keysMax;
            }
        };
    }

    /// Adds one; begins a window of this length if none is running.
    synchronized void increment(String key, long windowMillis) {
        var counter = unexpired(key);
        if (counter.count++ == 0) {
            counter.expiresAtMillis = monotonicMillis.getAsLong() + windowMillis;
        }
        counters.put(key, counter);
    }

    synchronized int value(String key) {
        return unexpired(key).count;
    }

    /// Milliseconds until the key's window ends; 0 if none is running.
    synchronized long remainingMillis(String key) {
        var counter = unexpired(key);
        return counter.count == 0 ? 0 : counter.expiresAtMillis - monotonicMillis.getAsLong();
    }

    private Counter unexpired(String key) {
        var counter = counters.get(key);
        return counter == null || counter.expiresAtMillis <= monotonicMillis.getAsLong() ? new Counter() : counter;
    }

    private static final class Counter {
        private int count;
        private long expiresAtMillis;
    }
}
