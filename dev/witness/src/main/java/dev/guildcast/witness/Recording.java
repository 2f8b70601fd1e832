package dev.guildcast.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Everything that one client received and did, in order.
///
/// - **Owner:** any thread adds and reads.
/// - **Bound:** [#OBSERVATIONS_MAX] entries; one more is an error of the caller.
/// - **Promise:** entries are never changed or reordered.
public final class Recording {
    /// The longest demo at its highest rate stays below a quarter of this.
    public static final int OBSERVATIONS_MAX = 2_000_000;

    private final List<Observation> observations = new ArrayList<>();

    public synchronized void add(Observation observation) {
        if (observations.size() == OBSERVATIONS_MAX) {
            throw new IllegalStateException("more than " + OBSERVATIONS_MAX + " entries");
        }
        observations.add(observation);
        notifyAll();
    }

    public synchronized List<Observation> observations() {
        return List.copyOf(observations);
    }

    public List<Observation.ReceivedDispatch> dispatches() {
        return observations().stream()
                .filter(Observation.ReceivedDispatch.class::isInstance)
                .map(Observation.ReceivedDispatch.class::cast)
                .toList();
    }

    public long count(Predicate<Observation> predicate) {
        return observations().stream().filter(predicate).count();
    }

    /// Waits until that many matching entries have been recorded.
    ///
    /// @return false on a timeout
    public synchronized boolean await(int count, Predicate<Observation> predicate, long timeoutMillis)
            throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        int found = 0;
        int seen = 0;
        while (true) {
            for (; seen < observations.size(); seen++) {
                if (predicate.test(observations.get(seen))) {
                    found++;
                }
            }
            long left = deadline - System.nanoTime();
            if (found >= count || left <= 0) {
                return found >= count;
            }
            wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }
}
