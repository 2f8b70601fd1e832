package dev.guildcast.presence.liveness;

import dev.guildcast.contract.ShardHash;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.SessionState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// The state that must outlive one instance: session states with their expiry, and the presence last announced for each
/// user.
///
/// Times are relative: each store measures them with one clock of its own, so that no instance needs the time of
/// another.
/// After a loss of all data beats restore it. Every call may fail at any time; none blocks.
public interface PresenceStore {
    /// Buckets of users by expiry: bounds the size of one sorted set, and each costs one call a sweep. Part of the key
    /// layout, so it must not change.
    int BUCKETS = 16;

    /// Saves these sessions with their expiry; an older version never replaces a newer one.
    ///
    /// @param lives how long they live from now on
    /// @param lastShown the presence that this instance last announced for the user; empty if it announced none
    /// @return true if the store holds a different last announced presence
    Mono<Boolean> save(long user, Collection<SessionState> sessions, Duration lives, Optional<ShownPresence> lastShown);

    /// Removes ended sessions.
    ///
    /// @return true if the store held one of them
    Mono<Boolean> removeSessions(long user, Collection<Long> sessions);

    Mono<StoredUser> load(long user);

    /// Saves the announced presence, unless the stored one has a newer version.
    Mono<Void> saveShown(long user, ShownPresence shown);

    /// Claims at most `max` expired sessions of a bucket. Nobody else can claim them within `claim`; after it they
    /// can be claimed again, in case the caller crashed.
    Mono<List<DueSession>> claimDue(int bucket, Duration claim, int max);

    /// Removes a claimed session unless it was renewed since.
    ///
    /// @return true if it was removed
    Mono<Boolean> expire(DueSession due);

    static int bucket(long user) {
        return (int) Long.remainderUnsigned(ShardHash.mix64(user), BUCKETS);
    }

    /// @param version highest version of the sessions it was merged from
    record ShownPresence(Presence presence, long version) {}

    /// @param sessions those not yet expired
    record StoredUser(List<SessionState> sessions, Optional<ShownPresence> lastShown) {
        public static final StoredUser EMPTY = new StoredUser(List.of(), Optional.empty());
    }

    record DueSession(long user, long session) {}
}
