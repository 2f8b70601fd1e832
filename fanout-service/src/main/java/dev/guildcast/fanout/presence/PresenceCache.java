package dev.guildcast.fanout.presence;

import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/// Cache of the last known presences of users who are not offline: kept beside a shard's state, in no checkpoint.
///
/// On the shard's loop. It may miss users or lag; nothing that must be exact depends on it.
public interface PresenceCache {
    /// Null for a user who is offline or unknown.
    @Nullable
    PresenceSnapshot get(long user);

    /// Users who are not offline, ascending.
    NavigableSet<Long> users();

    /// Stores the newest presence of a user.
    void put(long user, PresenceSnapshot presence);
}
