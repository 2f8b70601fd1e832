package dev.guildcast.fanout.presence;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Presences of one shard's users.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** `usersMax` users who are not offline; further ones are not cached.
public final class InMemoryPresenceCache implements PresenceCache {
    private final TreeMap<Long, PresenceSnapshot> presences = new TreeMap<>();
    private final int usersMax;

    public InMemoryPresenceCache(int usersMax) {
        this.usersMax = usersMax;
    }

    @Override
    public @Nullable PresenceSnapshot get(long user) {
        return presences.get(user);
    }

    @Override
    public NavigableSet<Long> users() {
        return Collections.unmodifiableNavigableSet(presences.navigableKeySet());
    }

    @Override
    public void put(long user, PresenceSnapshot presence) {
        if (presence.offline()) {
            presences.remove(user);
        } else if (presences.containsKey(user) || presences.size() < usersMax) {
            presences.put(user, presence);
        }
    }
}
