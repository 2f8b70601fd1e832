package dev.guildcast.fanout.delivery;

import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// The last known presences of users, as far as they are not offline: kept beside a shard's state, in no checkpoint.
///
/// On the shard's loop. It may lack somebody or be late; whoever shows it says nothing that must be exact.
public interface PresenceView {
    /// Null for who is offline or was never heard of.
    @Nullable
    KnownPresence of(long user);

    /// Users that are not offline, ascending.
    NavigableSet<Long> users();

    /// Takes the newest presence of a user.
    void remember(long user, KnownPresence presence);
}
