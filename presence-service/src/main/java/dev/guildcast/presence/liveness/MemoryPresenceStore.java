package dev.guildcast.presence.liveness;

import dev.guildcast.presence.SessionState;
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
/// - **Owner:** none; its lock is held for the length of a map operation.
/// - **Bound:** the sessions that are kept; a user's entry goes with its last session and what was shown of it.
public final class MemoryPresenceStore implements PresenceStore {
    private final Map<Long, Map<Long, Kept>> sessions = new HashMap<>();
    private final Map<Long, Shown> shown = new HashMap<>();
    private final Map<Due, Instant> due = new HashMap<>();

    @Override
    public Mono<Boolean> keep(long user, Collection<SessionState> states, Instant until, Optional<Shown> last) {
        return locked(() -> {
            var kept = sessions.computeIfAbsent(user, u -> new TreeMap<>());
            for (SessionState state : states) {
                kept.merge(
                        state.session(),
                        new Kept(state, until),
                        (was, is) -> was.state.version() > is.state.version() ? new Kept(was.state, until) : is);
                due.put(new Due(user, state.session()), until);
            }
            Shown held = shown.get(user);
            return last.isPresent()
                    && held != null
                    && !held.presence().looksLike(last.get().presence());
        });
    }

    @Override
    public Mono<Boolean> remove(long user, Collection<Long> ended) {
        return locked(() -> {
            boolean held = false;
            for (long session : ended) {
                due.remove(new Due(user, session));
                held |= removeSession(user, session) != null;
            }
            return held;
        });
    }

    @Override
    public Mono<Stored> load(long user, Instant now) {
        return locked(() -> new Stored(
                sessions.getOrDefault(user, Map.of()).values().stream()
                        .filter(kept -> kept.until.isAfter(now))
                        .map(Kept::state)
                        .toList(),
                Optional.ofNullable(shown.get(user))));
    }

    @Override
    public Mono<Void> shown(long user, Shown is) {
        return locked(() -> shown.merge(user, is, (was, now) -> was.version() > now.version() ? was : now))
                .then();
    }

    @Override
    public Mono<List<Due>> claimDue(int bucket, Instant now, Instant claimedUntil, int max) {
        return locked(() -> {
            var claimed = new ArrayList<Due>();
            for (var entry : due.entrySet()) {
                if (claimed.size() < max
                        && PresenceStore.bucket(entry.getKey().user()) == bucket
                        && !entry.getValue().isAfter(now)) {
                    entry.setValue(claimedUntil);
                    claimed.add(entry.getKey());
                }
            }
            return claimed;
        });
    }

    @Override
    public Mono<Boolean> expire(Due claimed, Instant now) {
        return locked(() -> {
            Kept kept = sessions.getOrDefault(claimed.user(), Map.of()).get(claimed.session());
            if (kept != null && kept.until.isAfter(now)) {
                due.put(claimed, kept.until);
                return false;
            }
            due.remove(claimed);
            removeSession(claimed.user(), claimed.session());
            return true;
        });
    }

    private @Nullable Kept removeSession(long user, long session) {
        var kept = sessions.get(user);
        if (kept == null) {
            return null;
        }
        Kept removed = kept.remove(session);
        if (kept.isEmpty()) {
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

    private record Kept(SessionState state, Instant until) {}
}
