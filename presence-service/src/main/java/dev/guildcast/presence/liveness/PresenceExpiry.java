package dev.guildcast.presence.liveness;

import dev.guildcast.presence.liveness.PresenceStore.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;

/// Finds sessions that nobody beats for any more.
///
/// Silence means something only when beats could have been written: so nothing expires until the store has been sound
/// for one whole time to live, be it after a start, an outage or a wipe of Redis.
///
/// - **Owner:** the presence loop.
/// - **Bound:** [#CLAIMED_MAX] sessions of a bucket in one sweep; one sweep at a time.
public final class PresenceExpiry {
    /// Sessions of one bucket taken in one sweep.
    public static final int CLAIMED_MAX = 500;

    private static final Duration CLAIM = Duration.ofSeconds(15);
    private static final int EXPIRING_MAX = 16;
    private static final int PROBES = 3;

    private final GuardedPresenceStore store;
    private final Executor loop;
    private final Duration ttl;
    private final Duration every;
    private final Consumer<Due> onExpired;
    private Instant nextAt = Instant.MIN;
    private boolean sweeping;

    public PresenceExpiry(
            GuardedPresenceStore store, Executor loop, PresenceProperties properties, Consumer<Due> onExpired) {
        this.store = store;
        this.loop = loop;
        this.ttl = properties.ttl();
        this.every = properties.sweepEvery();
        this.onExpired = onExpired;
    }

    /// Whether silence counts.
    public boolean trusts(Instant now) {
        Instant soundSince = store.soundSince();
        return !soundSince.equals(Instant.MAX) && !now.isBefore(soundSince.plus(ttl));
    }

    /// @return true when a sweep of the store began, and memory is to be swept, too
    public boolean onTick(Instant now) {
        if (sweeping || now.isBefore(nextAt)) {
            return false;
        }
        nextAt = now.plus(every);
        if (!trusts(now)) {
            probe(now);
            return false;
        }
        sweeping = true;
        Flux.range(0, PresenceStore.BUCKETS)
                .concatMap(bucket -> store.claimDue(bucket, now, now.plus(CLAIM), CLAIMED_MAX))
                .concatMapIterable(due -> due)
                .flatMap(due -> store.expire(due, now).filter(gone -> gone).map(gone -> due), EXPIRING_MAX)
                .subscribe(
                        due -> loop.execute(() -> onExpired.accept(due)),
                        failure -> loop.execute(() -> sweeping = false),
                        () -> loop.execute(() -> sweeping = false));
        return true;
    }

    /// Without a call a breaker stays open, and where nobody beats nobody calls.
    private void probe(Instant now) {
        if (store.soundSince().equals(Instant.MAX)) {
            Flux.range(0, PROBES)
                    .flatMap(i -> store.load(i, now).onErrorComplete(), PROBES)
                    .subscribe();
        }
    }
}
