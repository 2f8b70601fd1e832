package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
import dev.guildcast.shard.call.CallGuard;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/// A store behind a breaker, and since when it can be trusted to know who is alive.
///
/// - **Owner:** none; safe on any thread.
/// - **Promise:** a call ends within the guard's time limit, one way or the other.
public final class GuardedPresenceStore implements PresenceStore {
    private final PresenceStore store;
    private final CallGuard guard;
    private final AtomicReference<Instant> soundSince;

    public GuardedPresenceStore(PresenceStore store, CallGuard guard, Clock clock) {
        this.store = store;
        this.guard = guard;
        this.soundSince = new AtomicReference<>(clock.instant());
        guard.breaker()
                .getEventPublisher()
                .onStateTransition(event -> soundSince.set(
                        event.getStateTransition().getToState() == State.CLOSED ? clock.instant() : Instant.MAX));
    }

    /// Since when its breaker has been closed without a break; [Instant#MAX] while it is not.
    ///
    /// Before one time to live has passed since then, the store lacks what beats could not write.
    public Instant soundSince() {
        return soundSince.get();
    }

    @Override
    public Mono<Boolean> keep(long user, Collection<SessionState> sessions, Instant until, Optional<Shown> shown) {
        return guard.around(store.keep(user, sessions, until, shown));
    }

    @Override
    public Mono<Boolean> remove(long user, Collection<Long> sessions) {
        return guard.around(store.remove(user, sessions));
    }

    @Override
    public Mono<Stored> load(long user, Instant now) {
        return guard.around(store.load(user, now));
    }

    @Override
    public Mono<Void> shown(long user, Shown shown) {
        return guard.around(store.shown(user, shown));
    }

    @Override
    public Mono<List<Due>> claimDue(int bucket, Instant now, Instant claimedUntil, int max) {
        return guard.around(store.claimDue(bucket, now, claimedUntil, max));
    }

    @Override
    public Mono<Boolean> expire(Due due, Instant now) {
        return guard.around(store.expire(due, now));
    }
}
