package dev.guildcast.system.simulation;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Runs many seeds in parallel, one per processor: each run is single-threaded and shares nothing with others.
///
/// - **Bound:** [#FAILURES_MAX] failing seeds; then no more are started.
final class SeedRunner {
    /// Enough to see whether failures have one cause.
    private static final int FAILURES_MAX = 3;
    /// A few lines per minute.
    private static final long LOG_EVERY = 500;
    private static final System.Logger log = System.getLogger("simulation");

    /// The results of all runs.
    ///
    /// @param ran seeds that were run, one after the other from the first
    /// @param failures by seed
    /// @param digests of the histories, by seed; of those that did not fail
    record SeedResults(
            long ran,
            Map<Long, Throwable> failures,
            TreeMap<String, Integer> counts,
            SortedMap<Long, String> digests) {}

    private SeedRunner() {}

    static SeedResults run(long first, long seeds, int steps) {
        return run(first, seeds, steps, false);
    }

    /// @param pathsSwallow whether paths between gateways and hosts swallow packets
    static SeedResults run(long first, long seeds, int steps, boolean pathsSwallow) {
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
                        runOne(seed, steps, pathsSwallow, failures, counts, digests);
                        if (ran.incrementAndGet() % LOG_EVERY == 0) {
                            log.log(
                                    System.Logger.Level.INFO,
                                    "{0} seeds have run, {1} failed",
                                    Long.toString(ran.get()),
                                    failures.keySet());
                        }
                    }
                });
            }
        }
        return new SeedResults(ran.get(), failures, counts, digests);
    }

    private static void runOne(
            long seed,
            int steps,
            boolean pathsSwallow,
            Map<Long, Throwable> failures,
            TreeMap<String, Integer> counts,
            Map<Long, String> digests) {
        try {
            var result = DeliverySimulation.run(seed, steps, Set.of(), pathsSwallow);
            digests.put(seed, result.digest());
            synchronized (counts) {
                result.counts().forEach((what, times) -> counts.merge(what, times, Integer::sum));
            }
        } catch (RuntimeException | AssertionError e) {
            failures.put(seed, e);
        }
    }
}
