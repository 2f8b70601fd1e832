package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// A store that a test breaks, silences and wipes.
public final class FaultyPresenceStore implements PresenceStore {
    public enum Mood {
        WELL,
        FAILS,
        HANGS
    }

    public volatile Mood mood = Mood.WELL;
    public int calls;
    private PresenceStore store = new MemoryPresenceStore();

    public void wipe() {
        store = new MemoryPresenceStore();
    }

    @Override
    public Mono<Boolean> keep(long user, Collection<SessionState> sessions, Instant until, Optional<Shown> shown) {
        return call(() -> store.keep(user, sessions, until, shown));
    }

    @Override
    public Mono<Boolean> remove(long user, Collection<Long> sessions) {
        return call(() -> store.remove(user, sessions));
    }

    @Override
    public Mono<Stored> load(long user, Instant now) {
        return call(() -> store.load(user, now));
    }

    @Override
    public Mono<Void> shown(long user, Shown shown) {
        return call(() -> store.shown(user, shown));
    }

    @Override
    public Mono<List<Due>> claimDue(int bucket, Instant now, Instant claimedUntil, int max) {
        return call(() -> store.claimDue(bucket, now, claimedUntil, max));
    }

    @Override
    public Mono<Boolean> expire(Due due, Instant now) {
        return call(() -> store.expire(due, now));
    }

    private <T> Mono<T> call(java.util.function.Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            calls++;
            return switch (mood) {
                case WELL -> call.get();
                case FAILS -> Mono.error(new IllegalStateException("the store is away"));
                case HANGS -> Mono.never();
            };
        });
    }
}
