package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// A [PresenceStore] of one process, for a single instance without Redis.
///
/// - **Owner:** none; a lock guards each map operation.
/// - **Bound:** the stored sessions, and one last shown presence for each user.
public final class MemoryPresenceStore implements PresenceStore {
    private final Map<Long, Map<Long, StoredSession>> sessions = new HashMap<>();
    private final Map<Long, ShownPresence> shown = new HashMap<>();
    private final Map<DueSession, Instant> due = new HashMap<>();
    private final Clock clock;

    /// @param clock monotonic
    public MemoryPresenceStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Mono<Boolean> save(
            long user, Collection<SessionState> states, Duration lives, Optional<ShownPresence> lastShown) {
        return locked(() -> {
            var expiresAt = clock.instant().plus(lives);
            var userSessions = sessions.computeIfAbsent(user, u -> new TreeMap<>());
            for (SessionState state : states) {
                userSessions.merge(
                        state.session(),
                        new StoredSession(state, expiresAt),
                        (previous, next) -> previous.state.version() > next.state.version()
                                ? new StoredSession(previous.state, expiresAt)
                                : next);
                due.put(new DueSession(user, state.session()), expiresAt);
            }
            ShownPresence storedShown = shown.get(user);
            return lastShown.isPresent()
                    && storedShown != null
                    && !storedShown.presence().isVisiblySameAs(lastShown.get().presence());
        });
    }

    @Override
    public Mono<Boolean> removeSessions(long user, Collection<Long> ended) {
        return locked(() -> {
            boolean removed = false;
            for (long session : ended) {
                due.remove(new DueSession(user, session));
                removed |= removeSession(user, session) != null;
            }
            return removed;
        });
    }

    @Override
    public Mono<StoredUser> load(long user) {
        return locked(() -> new StoredUser(
                sessions.getOrDefault(user, Map.of()).values().stream()
                        .filter(session -> session.expiresAt.isAfter(clock.instant()))
                        .map(StoredSession::state)
                        .toList(),
                Optional.ofNullable(shown.get(user))));
    }

    @Override
    public Mono<Void> saveShown(long user, ShownPresence newShown) {
        return locked(() -> shown.merge(
                        user, newShown, (previous, next) -> previous.version() > next.version() ? previous : next))
                .then();
    }

    @Override
    public Mono<List<DueSession>> claimDue(int bucket, Duration claim, int max) {
        return locked(() -> {
            var now = clock.instant();
            var claimed = new ArrayList<DueSession>();
            for (var entry : due.entrySet()) {
                if (claimed.size() < max
                        && PresenceStore.bucket(entry.getKey().user()) == bucket
                        && !entry.getValue().isAfter(now)) {
                    entry.setValue(now.plus(claim));
                    claimed.add(entry.getKey());
                }
            }
            return claimed;
        });
    }

    @Override
    public Mono<Boolean> expire(DueSession claimed) {
        return locked(() -> {
            StoredSession session =
                    sessions.getOrDefault(claimed.user(), Map.of()).get(claimed.session());
            if (session != null && session.expiresAt.isAfter(clock.instant())) {
                due.put(claimed, session.expiresAt);
                return false;
            }
            due.remove(claimed);
            removeSession(claimed.user(), claimed.session());
            return true;
        });
    }

    private @Nullable StoredSession removeSession(long user, long session) {
        var userSessions = sessions.get(user);
        if (userSessions == null) {
            return null;
        }
        StoredSession removed = userSessions.remove(session);
        if (userSessions.isEmpty()) {
            sessions.remove(user);
        }
        return removed;
    }

    private <T> Mono<T> locked(Supplier<T> operation) {
        return Mono.fromSupplier(() -> {
            synchronized (this) {
                return operation.get();
            }
        });
    }

    private record StoredSession(SessionState state, Instant expiresAt) {}
}
