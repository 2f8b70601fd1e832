package dev.guildcast.shard.process;

import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.storage.LogEnds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// Confirms that a process has read its log to the end: it fetches the log's end and waits until everything below it
/// is applied, as Raft's ReadIndex does.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one fetch in flight, [#FETCHED_ENDS_MAX] fetched ends that are not reached; callers bound the actions
///   that wait.
/// - **Promise:** [#isCurrent] is true only if every record that was in the log `proofWithin` ago has been applied.
final class ReadBarrier {
    private record WaitingAction(long fetchNumber, Runnable action) {}

    private record FetchedEnd(long fetchNumber, long requestedNanos, long offset) {}

    /// Fetched ends kept while the process lags behind them: over 6 s of fetches, three times the age at which an end
    /// is of no more use.
    private static final int FETCHED_ENDS_MAX = 16;

    private final LogEnds logEnds;
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;
    private final long fetchEveryNanos;
    private final Deque<WaitingAction> waitingActions = new ArrayDeque<>();

    private long position = -1;
    private long fetches;
    private boolean fetching;
    private boolean fetchRequested = true;
    private long lastFetchNanos;
    /// Fetched ends that are not reached yet, oldest first.
    private final Deque<FetchedEnd> fetchedEnds = new ArrayDeque<>();
    /// The newest fetch whose end has been reached.
    private long confirmedFetch;
    private boolean confirmed;
    private long confirmedNanos;

    ReadBarrier(LogEnds logEnds, LongSupplier nanoTime, ShardSettings settings) {
        this.logEnds = logEnds;
        this.nanoTime = nanoTime;
        this.maxAgeNanos = settings.logEndMaxAge().toNanos();
        this.fetchEveryNanos = settings.logEndFetchEvery().toNanos();
    }

    /// Whether the log was read up to an end that was fetched recently enough to serve reads.
    boolean isCurrent() {
        return confirmed && nanoTime.getAsLong() - confirmedNanos <= maxAgeNanos;
    }

    /// Requests a fetch at the next tick, before its period has passed.
    void requestFetch() {
        fetchRequested = true;
    }

    void onPosition(long next) {
        position = next;
        confirmReachedEnds();
    }

    void onTick() {
        long nowNanos = nanoTime.getAsLong();
        if (!fetching
                && (fetchRequested || !waitingActions.isEmpty() || nowNanos - lastFetchNanos >= fetchEveryNanos)) {
            fetch(nowNanos);
        }
    }

    /// The number of the next fetch; see [#isConfirmed].
    long nextFetchNumber() {
        return fetches + 1;
    }

    /// Whether the end of this fetch, or of a later one, has been reached.
    boolean isConfirmed(long fetchNumber) {
        return confirmedFetch >= fetchNumber;
    }

    /// Holds `action` until an end that is fetched from now on has been reached.
    void after(Runnable action) {
        waitingActions.add(new WaitingAction(fetches + 1, action));
        if (!fetching) {
            fetch(nanoTime.getAsLong());
        }
    }

    void runReadyActions() {
        while (!waitingActions.isEmpty() && waitingActions.peek().fetchNumber <= confirmedFetch) {
            waitingActions.remove().action.run();
        }
    }

    void dropActions() {
        waitingActions.clear();
    }

    private void fetch(long nowNanos) {
        fetchRequested = false;
        fetching = true;
        lastFetchNanos = nowNanos;
        long fetchNumber = ++fetches;
        logEnds.fetch(offset -> {
            fetching = false;
            if (offset >= 0) {
                if (fetchedEnds.size() == FETCHED_ENDS_MAX) {
                    fetchedEnds.remove();
                }
                fetchedEnds.add(new FetchedEnd(fetchNumber, nowNanos, offset));
                confirmReachedEnds();
            }
        });
    }

    private void confirmReachedEnds() {
        while (!fetchedEnds.isEmpty() && position >= fetchedEnds.peek().offset) {
            var reached = fetchedEnds.remove();
            confirmed = true;
            confirmedNanos = reached.requestedNanos;
            confirmedFetch = reached.fetchNumber;
        }
    }
}
