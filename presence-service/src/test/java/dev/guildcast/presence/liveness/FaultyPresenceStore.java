package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// A store that a test can make fail, hang or lose its data.
public final class FaultyPresenceStore implements PresenceStore {
    public enum Behavior {
        HEALTHY,
        FAILING,
        HANGING
    }

    public volatile Behavior behavior = Behavior.HEALTHY;
    public int calls;
    private final Clock clock;
    private PresenceStore delegate;

    public FaultyPresenceStore(Clock clock) {
        this.clock = clock;
        this.delegate = new MemoryPresenceStore(clock);
    }

    public void wipe() {
        delegate = new MemoryPresenceStore(clock);
    }

    @Override
    public Mono<Boolean> save(
            long user, Collection<SessionState> sessions, Duration lives, Optional<ShownPresence> lastShown) {
        return call(() -> delegate.save(user, sessions, lives, lastShown));
    }

    @Override
    public Mono<Boolean> removeSessions(long user, Collection<Long> sessions) {
        return call(() -> delegate.removeSessions(user, sessions));
    }

    @Override
    public Mono<StoredUser> load(long user) {
        return call(() -> delegate.load(user));
    }

    @Override
    public Mono<Void> saveShown(long user, ShownPresence shown) {
        return call(() -> delegate.saveShown(user, shown));
    }

    @Override
    public Mono<List<DueSession>> claimDue(int bucket, Duration claim, int max) {
        return call(() -> delegate.claimDue(bucket, claim, max));
    }

    @Override
    public Mono<Boolean> expire(DueSession due) {
        return call(() -> delegate.expire(due));
    }

    private <T> Mono<T> call(java.util.function.Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            calls++;
            return switch (behavior) {
                case HEALTHY -> call.get();
                case FAILING -> Mono.error(new IllegalStateException("the store is unavailable"));
                case HANGING -> Mono.never();
            };
        });
    }
}
