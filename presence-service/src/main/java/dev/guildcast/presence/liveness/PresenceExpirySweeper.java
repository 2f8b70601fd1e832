package dev.guildcast.presence.liveness;

import dev.guildcast.presence.liveness.PresenceStore.DueSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/// Finds and removes sessions whose beats have stopped.
///
/// A missing beat counts only if beats could have been written. So nothing expires until the store has been healthy for
/// one whole TTL, be it after a start, an outage or a wipe of Redis.
///
/// - **Owner:** the presence loop.
/// - **Bound:** [#CLAIMED_PER_BUCKET_MAX] sessions of a bucket in one sweep; one sweep at a time.
public final class PresenceExpirySweeper {
    /// Sessions claimed per bucket and sweep; the rest follows in the next sweep, so that a lost host makes no burst.
    public static final int CLAIMED_PER_BUCKET_MAX = 500;

    /// After which another instance may claim an unfinished session; well above the usual time of one sweep.
    private static final Duration CLAIM_DURATION = Duration.ofSeconds(15);

    /// Expiry calls to the store at a time: a small share of its bulkhead, which beats need.
    private static final int EXPIRIES_IN_FLIGHT_MAX = 16;

    /// Calls of one probe: the number that the breaker permits while half open.
    private static final int PROBES = 3;

    private final GuardedPresenceStore store;
    private final Executor loop;
    private final Duration ttl;
    private final Duration sweepInterval;
    private final Consumer<DueSession> onExpired;
    private Instant nextSweepAt = Instant.MIN;
    private boolean sweeping;

    public PresenceExpirySweeper(
            GuardedPresenceStore store, Executor loop, PresenceProperties properties, Consumer<DueSession> onExpired) {
        this.store = store;
        this.loop = loop;
        this.ttl = properties.ttl();
        this.sweepInterval = properties.sweepEvery();
        this.onExpired = onExpired;
    }

    /// Whether the store has been healthy for one TTL, so that missing beats mean ended sessions.
    public boolean isStoreReliable(Instant now) {
        Instant healthySince = store.healthySince();
        return !healthySince.equals(Instant.MAX) && !now.isBefore(healthySince.plus(ttl));
    }

    /// @return true if a sweep of the store began; the caller then sweeps memory, too
    public boolean onTick(Instant now) {
        if (sweeping || now.isBefore(nextSweepAt)) {
            return false;
        }
        nextSweepAt = now.plus(sweepInterval);
        if (!isStoreReliable(now)) {
            probe();
            return false;
        }
        sweeping = true;
        Flux.range(0, PresenceStore.BUCKETS)
                .concatMap(bucket -> store.claimDue(bucket, CLAIM_DURATION, CLAIMED_PER_BUCKET_MAX))
                .concatMapIterable(due -> due)
                .flatMap(
                        due -> store.expire(due).filter(expired -> expired).map(expired -> due), EXPIRIES_IN_FLIGHT_MAX)
                .subscribe(
                        due -> loop.execute(() -> onExpired.accept(due)),
                        failure -> loop.execute(() -> sweeping = false),
                        () -> loop.execute(() -> sweeping = false));
        return true;
    }

    /// A breaker needs calls to close again, and without beats there are none.
    private void probe() {
        if (store.healthySince().equals(Instant.MAX)) {
            Flux.range(0, PROBES)
                    .flatMap(i -> store.load(i).onErrorComplete(), PROBES)
                    .subscribe();
        }
    }
}
