package dev.guildcast.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// All that one client saw, in the order in which it saw it.
///
/// - **Owner:** any thread adds and reads.
/// - **Bound:** [#ENTRIES_MAX] entries; one more is an error of whoever witnesses for so long.
/// - **Promise:** entries are never changed or reordered.
public final class Recording {
    public static final int ENTRIES_MAX = 2_000_000;

    private final List<Entry> entries = new ArrayList<>();

    public synchronized void add(Entry entry) {
        if (entries.size() == ENTRIES_MAX) {
            throw new IllegalStateException("more than " + ENTRIES_MAX + " entries");
        }
        entries.add(entry);
        notifyAll();
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    public List<Entry.Dispatch> dispatches() {
        return entries().stream()
                .filter(Entry.Dispatch.class::isInstance)
                .map(Entry.Dispatch.class::cast)
                .toList();
    }

    public long count(Predicate<Entry> which) {
        return entries().stream().filter(which).count();
    }

    /// Waits until that many such entries are there.
    ///
    /// @return false if they are not in time
    public synchronized boolean await(int howMany, Predicate<Entry> which, long timeoutMillis)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        int found = 0;
        int seen = 0;
        while (true) {
            for (; seen < entries.size(); seen++) {
                if (which.test(entries.get(seen))) {
                    found++;
                }
            }
            long left = deadline - System.nanoTime();
            if (found >= howMany || left <= 0) {
                return found >= howMany;
            }
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }
}
