package dev.guildcast.presence.liveness;

import dev.guildcast.presence.Presence;
import dev.guildcast.presence.PresenceMerge;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.liveness.PresenceStore.ShownPresence;
import dev.guildcast.presence.liveness.PresenceStore.StoredUser;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The sessions of one user in memory, and the presence last announced for them.
///
/// - **Owner:** the presence loop.
/// - **Bound:** the sessions of a user, limited by the session shard; an ended session leaves a tombstone for one TTL,
///   so that a late report of a former host does not revive it.
/// - **Promise:** the newest version of a session's state wins, in whatever order reports arrive.
public final class TrackedUser {
    /// Result of a beat.
    public enum BeatResult {
        /// The state is known in this version.
        KNOWN,
        /// The state is missing or older: request it from the host.
        MISSING,
        /// The session has ended; the beat is late.
        ENDED
    }

    private final Map<Long, LiveSession> sessions = new HashMap<>();
    private final Map<Long, Instant> tombstones = new HashMap<>();
    private Optional<ShownPresence> lastShown = Optional.empty();
    private long version;
    private boolean loaded;

    public BeatResult onBeat(long session, long stateVersion, Instant expiresAt) {
        if (tombstones.containsKey(session)) {
            return BeatResult.ENDED;
        }
        LiveSession live = sessions.get(session);
        if (live == null) {
            return BeatResult.MISSING;
        }
        sessions.put(session, new LiveSession(live.state, expiresAt));
        return live.state.version() < stateVersion ? BeatResult.MISSING : BeatResult.KNOWN;
    }

    /// @return true if the state was stored, false if it was older or its session has ended
    public boolean onState(SessionState state, Instant expiresAt) {
        LiveSession live = sessions.get(state.session());
        if (tombstones.containsKey(state.session()) || (live != null && live.state.version() > state.version())) {
            return false;
        }
        sessions.put(state.session(), new LiveSession(state, expiresAt));
        version = Math.max(version, state.version());
        return true;
    }

    /// @param tombstoneUntil until when late reports of this session are ignored
    public void onEnded(long session, long closeVersion, Instant tombstoneUntil) {
        sessions.remove(session);
        tombstones.put(session, tombstoneUntil);
        version = Math.max(version, closeVersion);
    }

    /// Merges what the store holds of the user.
    public void onLoaded(StoredUser stored, Instant expiresAt) {
        loaded = true;
        stored.sessions().forEach(state -> onState(state, expiresAt));
        stored.lastShown().ifPresent(last -> {
            version = Math.max(version, last.version());
            if (lastShown.isEmpty()) {
                lastShown = Optional.of(last);
            }
        });
    }

    /// Another instance announced a different presence: the last announced one must be loaded again.
    public void onConflict() {
        loaded = false;
        lastShown = Optional.empty();
    }

    public void onShown(ShownPresence shown) {
        lastShown = Optional.of(shown);
    }

    /// Removes the tombstones that are due.
    public void expireTombstones(Instant now) {
        tombstones.values().removeIf(tombstoneUntil -> !tombstoneUntil.isAfter(now));
    }

    /// Removes expired sessions.
    ///
    /// @return true if there were any
    public boolean expire(Instant now) {
        return sessions.values().removeIf(live -> !live.expiresAt.isAfter(now));
    }

    /// Whether this session is known and not expired.
    public boolean isAlive(long session, Instant now) {
        LiveSession live = sessions.get(session);
        return live != null && live.expiresAt.isAfter(now);
    }

    public boolean hasSessions() {
        return !sessions.isEmpty();
    }

    public boolean isLoaded() {
        return loaded;
    }

    public int sessionCount() {
        return sessions.size();
    }

    /// The presence that other users should see now.
    public Presence presence() {
        return PresenceMerge.merge(states());
    }

    /// Whether the last announced presence looks like the current one.
    public boolean isLastShownCurrent() {
        return lastShown
                .filter(last -> last.presence().isVisiblySameAs(presence()))
                .isPresent();
    }

    public Optional<ShownPresence> lastShown() {
        return lastShown;
    }

    /// Highest version of any session state or end seen so far.
    public long version() {
        return version;
    }

    /// Whether the user can be evicted: no session, no tombstone, and last announced as offline or never.
    public boolean isEvictable() {
        return sessions.isEmpty()
                && tombstones.isEmpty()
                && lastShown
                        .map(last -> last.presence().isVisiblySameAs(Presence.OFFLINE))
                        .orElse(true);
    }

    Collection<SessionState> states() {
        return sessions.values().stream().map(LiveSession::state).toList();
    }

    Set<Long> endedSessions() {
        return Set.copyOf(tombstones.keySet());
    }

    /// The latest expiry of all sessions.
    Instant latestExpiry() {
        return sessions.values().stream()
                .map(LiveSession::expiresAt)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private record LiveSession(SessionState state, Instant expiresAt) {}
}
