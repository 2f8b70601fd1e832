package dev.guildcast.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// Proof that a process has read its log to the end: an end that was asked for at some moment and has been applied
/// since.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one fetch on its way, [#ENDS_MAX] ends not reached yet; the actions waiting are bounded by who asks for
/// them.
/// - **Promise:** [#fresh] is true only if every record that stood in the log `proofWithin` ago has been applied.
final class LogProof {
    private record Waiting(long fetch, Runnable action) {}

    private record End(long fetch, long askedAt, long offset) {}

    /// Fetched ends remembered while the process lags behind them.
    private static final int ENDS_MAX = 16;

    private final LogEnds log;
    private final LongSupplier nanos;
    private final long withinNanos;
    private final long everyNanos;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private long position = -1;
    private long fetches;
    private boolean fetching;
    private boolean wanted = true;
    private long fetchAskedAt;
    /// Fetched ends that are not applied yet, oldest first.
    private final Deque<End> ends = new ArrayDeque<>();
    /// The newest fetch whose end has been applied.
    private long provenFetch;
    private boolean proven;
    private long provenAskedAt;

    LogProof(LogEnds log, LongSupplier nanos, ShardSettings settings) {
        this.log = log;
        this.nanos = nanos;
        this.withinNanos = settings.proofWithin().toNanos();
        this.everyNanos = settings.proofEvery().toNanos();
    }

    /// Whether the log was read up to an end that was asked for within the allowed time.
    boolean fresh() {
        return proven && nanos.getAsLong() - provenAskedAt <= withinNanos;
    }

    /// A fetch is wanted soon.
    void want() {
        wanted = true;
    }

    void onPosition(long next) {
        position = next;
        check();
    }

    void onTick() {
        long now = nanos.getAsLong();
        if (!fetching && (wanted || !waiting.isEmpty() || now - fetchAskedAt >= everyNanos)) {
            fetch(now);
        }
    }

    /// The number that the next fetch will have; see [#provenSince].
    long nextFetch() {
        return fetches + 1;
    }

    /// Whether a fetch begun at or after number `fetch` was handed out has been applied.
    boolean provenSince(long fetch) {
        return provenFetch >= fetch;
    }

    /// Remembers `action` until an end fetched from now on is applied.
    void after(Runnable action) {
        waiting.add(new Waiting(fetches + 1, action));
        if (!fetching) {
            fetch(nanos.getAsLong());
        }
    }

    void runWaiting() {
        while (!waiting.isEmpty() && waiting.peek().fetch <= provenFetch) {
            waiting.remove().action.run();
        }
    }

    void dropWaiting() {
        waiting.clear();
    }

    private void fetch(long now) {
        wanted = false;
        fetching = true;
        fetchAskedAt = now;
        long number = ++fetches;
        log.fetch(offset -> {
            fetching = false;
            if (offset >= 0) {
                if (ends.size() == ENDS_MAX) {
                    ends.remove();
                }
                ends.add(new End(number, now, offset));
                check();
            }
        });
    }

    private void check() {
        while (!ends.isEmpty() && position >= ends.peek().offset) {
            var reached = ends.remove();
            proven = true;
            provenAskedAt = reached.askedAt;
            provenFetch = reached.fetch;
        }
    }
}
