package dev.guildcast.fanout.delivery;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Presences of one shard's users.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** `usersMax` users that are not offline; further ones are not remembered.
public final class InMemoryPresenceView implements PresenceView {
    private final TreeMap<Long, KnownPresence> known = new TreeMap<>();
    private final int usersMax;

    public InMemoryPresenceView(int usersMax) {
        this.usersMax = usersMax;
    }

    @Override
    public @Nullable KnownPresence of(long user) {
        return known.get(user);
    }

    @Override
    public NavigableSet<Long> users() {
        return Collections.unmodifiableNavigableSet(known.navigableKeySet());
    }

    @Override
    public void remember(long user, KnownPresence presence) {
        if (presence.offline()) {
            known.remove(user);
        } else if (known.containsKey(user) || known.size() < usersMax) {
            known.put(user, presence);
        }
    }
}
