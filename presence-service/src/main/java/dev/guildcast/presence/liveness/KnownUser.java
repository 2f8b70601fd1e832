package dev.guildcast.presence.liveness;

import dev.guildcast.presence.Presence;
import dev.guildcast.presence.PresenceMerge;
import dev.guildcast.presence.SessionState;
import dev.guildcast.presence.liveness.PresenceStore.Shown;
import dev.guildcast.presence.liveness.PresenceStore.Stored;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One user as this instance knows them.
///
/// - **Owner:** the presence loop.
/// - **Bound:** a user has as many sessions as the session shard lets live; an ended one is remembered for one time to
///   live, so that a late word of a former host does not bring it back.
/// - **Promise:** the newest version of a session's state stands, in whatever order they come.
public final class KnownUser {
    /// What a beat told.
    public enum Beat {
        /// The state is here.
        KNOWN,
        /// No state, or an older one: ask for it.
        MISSING,
        /// The session ended before.
        ENDED
    }

    private final Map<Long, Live> sessions = new HashMap<>();
    private final Map<Long, Instant> ended = new HashMap<>();
    private Optional<Shown> shown = Optional.empty();
    private long version;
    private boolean loaded;

    public Beat onBeat(long session, long stateVersion, Instant until) {
        if (ended.containsKey(session)) {
            return Beat.ENDED;
        }
        Live live = sessions.get(session);
        if (live == null) {
            return Beat.MISSING;
        }
        sessions.put(session, new Live(live.state, until));
        return live.state.version() < stateVersion ? Beat.MISSING : Beat.KNOWN;
    }

    /// @return true when it was news
    public boolean onState(SessionState state, Instant until) {
        Live live = sessions.get(state.session());
        if (ended.containsKey(state.session()) || (live != null && live.state.version() > state.version())) {
            return false;
        }
        sessions.put(state.session(), new Live(state, until));
        version = Math.max(version, state.version());
        return true;
    }

    /// @param forgetAt until when a late word of this session is refused
    public void onEnded(long session, long closeVersion, Instant forgetAt) {
        sessions.remove(session);
        ended.put(session, forgetAt);
        version = Math.max(version, closeVersion);
    }

    /// Takes up what the store knows besides.
    public void onLoaded(Stored stored, Instant until) {
        loaded = true;
        stored.sessions().forEach(state -> onState(state, until));
        stored.shown().ifPresent(last -> {
            version = Math.max(version, last.version());
            if (shown.isEmpty()) {
                shown = Optional.of(last);
            }
        });
    }

    /// Another instance showed something else: what was shown must be read again.
    public void onDiffers() {
        loaded = false;
        shown = Optional.empty();
    }

    public void onShown(Shown now) {
        shown = Optional.of(now);
    }

    /// Forgets sessions that ended long enough ago.
    public void forgetEnded(Instant now) {
        ended.values().removeIf(forgetAt -> !forgetAt.isAfter(now));
    }

    /// Removes sessions whose time came.
    ///
    /// @return true when there were any
    public boolean expire(Instant now) {
        return sessions.values().removeIf(live -> !live.until.isAfter(now));
    }

    /// Whether this session is known to live on.
    public boolean lives(long session, Instant now) {
        Live live = sessions.get(session);
        return live != null && live.until.isAfter(now);
    }

    public boolean knowsAny() {
        return !sessions.isEmpty();
    }

    public boolean loaded() {
        return loaded;
    }

    public int sessionCount() {
        return sessions.size();
    }

    /// What others are to be shown now.
    public Presence presence() {
        return PresenceMerge.merge(states());
    }

    /// Whether others are shown what there is to show.
    public boolean showsWhatItIs() {
        return shown.filter(last -> last.presence().looksLike(presence())).isPresent();
    }

    public Optional<Shown> shown() {
        return shown;
    }

    /// Highest version seen.
    public long version() {
        return version;
    }

    /// Whether nothing is left to remember.
    public boolean forgettable() {
        return sessions.isEmpty()
                && ended.isEmpty()
                && shown.map(last -> last.presence().looksLike(Presence.OFFLINE))
                        .orElse(true);
    }

    Collection<SessionState> states() {
        return sessions.values().stream().map(Live::state).toList();
    }

    Set<Long> ended() {
        return Set.copyOf(ended.keySet());
    }

    /// The latest time until which a session is held.
    Instant until() {
        return sessions.values().stream()
                .map(Live::until)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private record Live(SessionState state, Instant until) {}
}
