package dev.guildcast.fanout.delivery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Presences of a shard, filled from a source page by page once the shard is owned here; nobody waits for it.
///
/// A presence heard meanwhile is newer than what the source answers. A page that fails is left out: presences fill up
/// as they change.
///
/// - **Owner:** the shard's loop; answers come back to it.
/// - **Bound:** one page asked for at a time.
public final class PresenceFill implements PresenceView {
    private final PresenceView known;
    private final PresenceSource source;
    private final int pageUsers;
    private @Nullable Set<Long> heard;

    public PresenceFill(PresenceView known, PresenceSource source, int pageUsers) {
        this.known = known;
        this.source = source;
        this.pageUsers = pageUsers;
    }

    /// Asks for these users' presences.
    ///
    /// @param loop runs an answer on the shard's loop; may drop it when the shard has stopped
    public void fill(Iterable<Long> users, Executor loop) {
        heard = new HashSet<>();
        next(users.iterator(), loop);
    }

    private void next(Iterator<Long> users, Executor loop) {
        List<Long> page = new ArrayList<>();
        while (page.size() < pageUsers && users.hasNext()) {
            page.add(users.next());
        }
        if (page.isEmpty()) {
            heard = null;
            return;
        }
        source.ask(page)
                .whenComplete((answer, failure) -> loop.execute(() -> {
                    if (failure == null) {
                        take(answer);
                    }
                    next(users, loop);
                }));
    }

    private void take(Map<Long, KnownPresence> answer) {
        answer.forEach((user, presence) -> {
            if (heard != null && !heard.contains(user)) {
                known.remember(user, presence);
            }
        });
    }

    @Override
    public @Nullable KnownPresence of(long user) {
        return known.of(user);
    }

    @Override
    public NavigableSet<Long> users() {
        return known.users();
    }

    @Override
    public void remember(long user, KnownPresence presence) {
        if (heard != null) {
            heard.add(user);
        }
        known.remember(user, presence);
    }
}
