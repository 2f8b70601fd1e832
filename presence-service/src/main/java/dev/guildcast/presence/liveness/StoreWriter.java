package dev.guildcast.presence.liveness;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Writes changed users from memory to the store, a few at a time and only the newest state of each.
///
/// - **Owner:** the presence loop; the results of store calls are handed back to it.
/// - **Bound:** the users in memory, as a set; [#IN_FLIGHT_MAX] calls at a time.
/// - **Promise:** an unavailable or slow store fails only these calls; what could not be written is retried.
public final class StoreWriter {
    /// Users written at a time: an eighth of the store's bulkhead, so that loads and expiry are not rejected.
    public static final int IN_FLIGHT_MAX = 64;

    private final PresenceStore store;
    private final Executor loop;
    private final LongFunction<@Nullable TrackedUser> users;
    private final LongConsumer onConflict;
    private final Set<Long> unwritten = new LinkedHashSet<>();
    private final Set<Long> inFlight = new LinkedHashSet<>();

    /// @param users finds a user in memory; null if evicted
    /// @param onConflict receives a user for whom another instance announced a different presence
    public StoreWriter(
            PresenceStore store, Executor loop, LongFunction<@Nullable TrackedUser> users, LongConsumer onConflict) {
        this.store = store;
        this.loop = loop;
        this.users = users;
        this.onConflict = onConflict;
    }

    public void onChanged(long user) {
        unwritten.add(user);
    }

    /// Starts writes up to the bound.
    ///
    /// @param now by the clock of the sessions' expiry
    public void onTick(Instant now) {
        var next = unwritten.iterator();
        while (inFlight.size() < IN_FLIGHT_MAX && next.hasNext()) {
            long user = next.next();
            if (!inFlight.contains(user)) {
                next.remove();
                write(user, now);
            }
        }
    }

    public int unwrittenCount() {
        return unwritten.size() + inFlight.size();
    }

    private void write(long user, Instant now) {
        TrackedUser tracked = users.apply(user);
        if (tracked == null) {
            return;
        }
        inFlight.add(user);
        var ended = tracked.endedSessions();
        var states = tracked.states();
        Mono<Boolean> removed = ended.isEmpty() ? Mono.just(false) : store.removeSessions(user, ended);
        Mono<Boolean> saved = states.isEmpty()
                ? Mono.just(false)
                : store.save(user, states, lives(tracked, now), tracked.lastShown());
        removed.then(saved)
                .subscribe(
                        conflict -> loop.execute(() -> onWritten(user, conflict)),
                        failure -> loop.execute(() -> onFailed(user)));
    }

    private static Duration lives(TrackedUser tracked, Instant now) {
        var lives = Duration.between(now, tracked.latestExpiry());
        return lives.isNegative() ? Duration.ZERO : lives;
    }

    private void onWritten(long user, boolean conflict) {
        inFlight.remove(user);
        if (conflict) {
            onConflict.accept(user);
        }
    }

    private void onFailed(long user) {
        inFlight.remove(user);
        unwritten.add(user);
    }
}
