package dev.guildcast.session;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The sessions of one shard, by offset, by user and by the request that opened them.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the shard's open sessions; a request is remembered as long as its session lives.
/// - **Promise:** sessions are listed by ascending offset, so that nothing depends on hash order.
public final class SessionRegistry {
    private final TreeMap<Long, Session> byOffset = new TreeMap<>();
    private final Map<Long, TreeMap<Long, Session>> byUser = new HashMap<>();
    private final Map<Long, Session> byRequest = new HashMap<>();

    public void add(Session session) {
        byOffset.put(session.offset(), session);
        byUser.computeIfAbsent(session.userId(), user -> new TreeMap<>()).put(session.offset(), session);
        byRequest.put(session.open().getRequest(), session);
    }

    public void remove(Session session) {
        byOffset.remove(session.offset());
        var ofUser = byUser.get(session.userId());
        if (ofUser != null) {
            ofUser.remove(session.offset());
            if (ofUser.isEmpty()) {
                byUser.remove(session.userId());
            }
        }
        byRequest.remove(session.open().getRequest());
    }

    /// The session of the Open record at this offset.
    public @Nullable Session at(long offset) {
        return byOffset.get(offset);
    }

    /// The session that this Identify request opened: a repeated Identify is answered with it.
    public @Nullable Session openedBy(long request) {
        return byRequest.get(request);
    }

    public Collection<Session> ofUser(long userId) {
        var ofUser = byUser.get(userId);
        return ofUser == null ? Collections.emptyList() : Collections.unmodifiableCollection(ofUser.values());
    }

    public Collection<Session> all() {
        return Collections.unmodifiableCollection(byOffset.values());
    }

    public int size() {
        return byOffset.size();
    }
}
