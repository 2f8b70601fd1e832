package dev.guildcast.presence.liveness;

import dev.guildcast.contract.ShardHash;
import dev.guildcast.presence.Presence;
import dev.guildcast.presence.SessionState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// What must outlive one instance: the sessions' states with their time of expiry, and what was last shown of a user.
///
/// Losing all of it loses nothing that beats do not bring back. Every call may fail at any time; none blocks.
public interface PresenceStore {
    /// Sweeping is spread over this many buckets of users.
    int BUCKETS = 16;

    /// Keeps these sessions until `until`; an older version never replaces a newer one.
    ///
    /// @param shown what this instance last showed of the user; empty while it has not
    /// @return true when the store holds that something else was shown
    Mono<Boolean> keep(long user, Collection<SessionState> sessions, Instant until, Optional<Shown> shown);

    /// Forgets sessions that ended.
    ///
    /// @return true when the store held one of them
    Mono<Boolean> remove(long user, Collection<Long> sessions);

    Mono<Stored> load(long user, Instant now);

    /// Remembers what was shown, unless something of a newer version was.
    Mono<Void> shown(long user, Shown shown);

    /// At most `max` sessions of a bucket whose time came, each given to one caller: to nobody else until
    /// `claimedUntil`, so that a caller that dies holding one does not take it along.
    Mono<List<Due>> claimDue(int bucket, Instant now, Instant claimedUntil, int max);

    /// Removes a claimed session unless it was kept on since.
    ///
    /// @return true when it is gone
    Mono<Boolean> expire(Due due, Instant now);

    static int bucket(long user) {
        return (int) Long.remainderUnsigned(ShardHash.mix64(user), BUCKETS);
    }

    /// @param version highest version of the sessions it was merged from
    record Shown(Presence presence, long version) {}

    /// @param sessions those not yet expired
    record Stored(List<SessionState> sessions, Optional<Shown> shown) {
        public static final Stored NOTHING = new Stored(List.of(), Optional.empty());
    }

    record Due(long user, long session) {}
}
