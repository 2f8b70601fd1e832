package dev.guildcast.shard.process;

import dev.guildcast.shard.ShardSettings;
import dev.guildcast.shard.storage.LogEnds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// Confirms that a process has read its log to the end: it fetches the log's end and waits until everything below it
/// is applied, as Raft's ReadIndex does.
///
/// One fetched end serves every action that came before the fetch. While the process lags behind an end, further ends
/// are fetched at intervals only, and none of them replaces an older one that is still to be reached: however many
/// actions arrive and however long the lag, each end is reached, in order.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one fetch in flight, [#FETCHED_ENDS_MAX] fetched ends that are not reached; callers bound the actions
///   that wait.
/// - **Promise:** [#isCurrent] is true only if every record that was in the log `logEndMaxAge` ago has been applied.
final class ReadBarrier {
    private record WaitingAction(long fetchNumber, Runnable action) {}

    private record FetchedEnd(long fetchNumber, long requestedNanos, long offset) {}

    /// Fetched ends that are not reached yet. With the interval between them they cover the age at which an end is of
    /// no more use for liveness; beyond it the newest is replaced, so that an action waits for the others at most.
    static final int FETCHED_ENDS_MAX = 16;

    private final LogEnds logEnds;
    private final LongSupplier nanoTime;
    private final long maxAgeNanos;
    private final long fetchEveryNanos;
    /// Between two fetches while the process lags behind an end.
    private final long laggingFetchEveryNanos;
    private final Deque<WaitingAction> waitingActions = new ArrayDeque<>();

    private long position = -1;
    private long fetches;
    /// The fetch in flight; 0: none.
    private long fetchInFlight;
    /// The newest fetch that an action waits for.
    private long newestAction;
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
        this.laggingFetchEveryNanos = maxAgeNanos / FETCHED_ENDS_MAX;
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
        if (fetchInFlight != 0 && nowNanos - lastFetchNanos > maxAgeNanos) {
            // Its answer would be of no use for liveness, and may never come.
            fetchInFlight = 0;
        }
        if (fetchRequested || newestAction > fetches || nowNanos - lastFetchNanos >= fetchEveryNanos) {
            fetchUnlessTooSoon(nowNanos);
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
        newestAction = fetches + 1;
        waitingActions.add(new WaitingAction(newestAction, action));
        fetchUnlessTooSoon(nanoTime.getAsLong());
    }

    void runReadyActions() {
        while (!waitingActions.isEmpty() && waitingActions.peek().fetchNumber <= confirmedFetch) {
            waitingActions.remove().action.run();
        }
    }

    void dropActions() {
        waitingActions.clear();
    }

    private void fetchUnlessTooSoon(long nowNanos) {
        boolean tooSoon = !fetchedEnds.isEmpty() && nowNanos - lastFetchNanos < laggingFetchEveryNanos;
        if (fetchInFlight == 0 && !tooSoon) {
            fetch(nowNanos);
        }
    }

    private void fetch(long nowNanos) {
        fetchRequested = false;
        lastFetchNanos = nowNanos;
        long fetchNumber = ++fetches;
        fetchInFlight = fetchNumber;
        logEnds.fetch(offset -> {
            if (fetchInFlight != fetchNumber) {
                return;
            }
            fetchInFlight = 0;
            if (offset < 0) {
                // The next tick asks again, also for the actions that waited for this one.
                fetchRequested = true;
                return;
            }
            if (fetchedEnds.size() == FETCHED_ENDS_MAX) {
                fetchedEnds.removeLast();
            }
            fetchedEnds.add(new FetchedEnd(fetchNumber, nowNanos, offset));
            confirmReachedEnds();
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
