package dev.guildcast.fanout.presence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Cache of a shard's presences that is loaded from a source, page by page, once the shard is owned here; nothing waits
/// for the load.
///
/// An update during the load is newer than what the source returns. A failed page is skipped: its presences arrive as
/// they change.
///
/// - **Owner:** the shard's loop; responses are handled on it.
/// - **Bound:** one page is requested at a time.
public final class PresenceLoader implements PresenceCache {
    private final PresenceCache cache;
    private final PresenceSource source;
    private final int pageUsers;
    private @Nullable Set<Long> updatedDuringLoad;

    public PresenceLoader(PresenceCache cache, PresenceSource source, int pageUsers) {
        this.cache = cache;
        this.source = source;
        this.pageUsers = pageUsers;
    }

    /// Loads these users' presences.
    ///
    /// @param loop runs a response on the shard's loop; may drop it when the shard has stopped
    public void load(Iterable<Long> users, Executor loop) {
        updatedDuringLoad = new HashSet<>();
        loadNextPage(users.iterator(), loop);
    }

    private void loadNextPage(Iterator<Long> users, Executor loop) {
        List<Long> page = new ArrayList<>();
        while (page.size() < pageUsers && users.hasNext()) {
            page.add(users.next());
        }
        if (page.isEmpty()) {
            updatedDuringLoad = null;
            return;
        }
        source.fetch(page)
                .whenComplete((fetched, failure) -> loop.execute(() -> {
                    if (failure == null) {
                        mergePage(fetched);
                    }
                    loadNextPage(users, loop);
                }));
    }

    private void mergePage(Map<Long, PresenceSnapshot> fetched) {
        fetched.forEach((user, presence) -> {
            if (updatedDuringLoad != null && !updatedDuringLoad.contains(user)) {
                cache.put(user, presence);
            }
        });
    }

    @Override
    public @Nullable PresenceSnapshot get(long user) {
        return cache.get(user);
    }

    @Override
    public NavigableSet<Long> users() {
        return cache.users();
    }

    @Override
    public void put(long user, PresenceSnapshot presence) {
        if (updatedDuringLoad != null) {
            updatedDuringLoad.add(user);
        }
        cache.put(user, presence);
    }
}
