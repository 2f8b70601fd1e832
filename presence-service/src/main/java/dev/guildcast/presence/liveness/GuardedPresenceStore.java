package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
import dev.guildcast.shard.call.CallGuard;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import reactor.core.publisher.Mono;

/// A store behind a circuit breaker that also records since when the store has been healthy.
///
/// - **Owner:** none; safe on any thread.
/// - **Promise:** a call completes or fails within the guard's time limit.
public final class GuardedPresenceStore implements PresenceStore {
    private final PresenceStore store;
    private final CallGuard guard;
    private final AtomicReference<Instant> healthySince;

    /// @param clock monotonic
    public GuardedPresenceStore(PresenceStore store, CallGuard guard, Clock clock) {
        this.store = store;
        this.guard = guard;
        this.healthySince = new AtomicReference<>(clock.instant());
        guard.breaker()
                .getEventPublisher()
                .onStateTransition(event -> healthySince.set(
                        event.getStateTransition().getToState() == State.CLOSED ? clock.instant() : Instant.MAX));
    }

    /// Since when the breaker has been closed without interruption; [Instant#MAX] while it is not closed.
    ///
    /// Until one TTL has passed since then, the store may lack beats that could not be written.
    public Instant healthySince() {
        return healthySince.get();
    }

    @Override
    public Mono<Boolean> save(
            long user, Collection<SessionState> sessions, Duration lives, Optional<ShownPresence> lastShown) {
        return guard.around(store.save(user, sessions, lives, lastShown));
    }

    @Override
    public Mono<Boolean> removeSessions(long user, Collection<Long> sessions) {
        return guard.around(store.removeSessions(user, sessions));
    }

    @Override
    public Mono<StoredUser> load(long user) {
        return guard.around(store.load(user));
    }

    @Override
    public Mono<Void> saveShown(long user, ShownPresence shown) {
        return guard.around(store.saveShown(user, shown));
    }

    @Override
    public Mono<List<DueSession>> claimDue(int bucket, Duration claim, int max) {
        return guard.around(store.claimDue(bucket, claim, max));
    }

    @Override
    public Mono<Boolean> expire(DueSession due) {
        return guard.around(store.expire(due));
    }
}
