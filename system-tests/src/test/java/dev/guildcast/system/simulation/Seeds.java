package dev.guildcast.system.simulation;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Many runs, one after the other on each processor: a run is one thread's, and shares nothing with the others.
///
/// - **Bound:** [#FAILURES_MAX] seeds that fail; then no more are begun.
final class Seeds {
    private static final int FAILURES_MAX = 3;
    private static final long TOLD_EVERY = 500;
    private static final System.Logger LOG = System.getLogger("simulation");

    /// What became of them.
    ///
    /// @param ran seeds that were run, one after the other from the first
    /// @param failures by seed
    /// @param digests of the histories, by seed; of those that did not fail
    record Outcome(
            long ran,
            Map<Long, Throwable> failures,
            TreeMap<String, Integer> counts,
            SortedMap<Long, String> digests) {}

    private Seeds() {}

    static Outcome run(long first, long seeds, int steps) {
        var next = new AtomicLong(first);
        var ran = new AtomicLong();
        var failures = new ConcurrentSkipListMap<Long, Throwable>();
        var counts = new TreeMap<String, Integer>();
        var digests = new ConcurrentSkipListMap<Long, String>();
        try (var executor = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (int i = Runtime.getRuntime().availableProcessors(); i > 0; i--) {
                executor.execute(() -> {
                    for (long seed = next.getAndIncrement();
                            seed < first + seeds && failures.size() < FAILURES_MAX;
                            seed = next.getAndIncrement()) {
                        one(seed, steps, failures, counts, digests);
                        if (ran.incrementAndGet() % TOLD_EVERY == 0) {
                            LOG.log(
                                    System.Logger.Level.INFO,
                                    "{0} seeds have run, {1} failed",
                                    Long.toString(ran.get()),
                                    failures.keySet());
                        }
                    }
                });
            }
        }
        return new Outcome(ran.get(), failures, counts, digests);
    }

    private static void one(
            long seed,
            int steps,
            Map<Long, Throwable> failures,
            TreeMap<String, Integer> counts,
            Map<Long, String> digests) {
        try {
            var result = WholePath.run(seed, steps, Set.of());
            digests.put(seed, result.digest());
            synchronized (counts) {
                result.counts().forEach((what, times) -> counts.merge(what, times, Integer::sum));
            }
        } catch (RuntimeException | AssertionError e) {
            failures.put(seed, e);
        }
    }
}
