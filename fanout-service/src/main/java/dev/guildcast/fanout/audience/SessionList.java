package dev.guildcast.fanout.audience;

import dev.guildcast.delivery.v1.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The sessions of one visibility class on one session shard, by offset, with cached recipient lists.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one entry a session; at most [#ENCODED_MAX] encoded lists, evicted at every change.
final class SessionList {
    /// Cached lists, one for each filter in use, that is each pair of intents and content rule among the events; when
    /// it is full, all are evicted at once.
    private static final int ENCODED_MAX = 64;

    private final List<Subscription> sessions = new ArrayList<>();
    private final Map<IntentFilter, List<Group>> encoded = new HashMap<>();

    void add(Subscription session) {
        int at = Collections.binarySearch(sessions, session);
        if (at < 0) {
            sessions.add(-at - 1, session);
            encoded.clear();
        }
    }

    void remove(Subscription session) {
        int at = Collections.binarySearch(sessions, session);
        if (at >= 0) {
            sessions.remove(at);
            encoded.clear();
        }
    }

    boolean isEmpty() {
        return sessions.isEmpty();
    }

    /// The sessions that pass, encoded for payload 0 and for payload 1; without recipients when none passes.
    List<Group> groups(IntentFilter filter) {
        List<Group> known = encoded.get(filter);
        if (known == null) {
            if (encoded.size() >= ENCODED_MAX) {
                encoded.clear();
            }
            Group first = encode(filter, Set.of());
            known = List.of(first, first.toBuilder().setPayload(1).build());
            encoded.put(filter, known);
        }
        return known;
    }

    /// The same without some users' sessions; not cached.
    List<Group> groups(IntentFilter filter, Set<Long> withoutUsers) {
        Group first = encode(filter, withoutUsers);
        return List.of(first, first.toBuilder().setPayload(1).build());
    }

    private Group encode(IntentFilter filter, Set<Long> withoutUsers) {
        var group = Group.newBuilder();
        long before = 0;
        for (Subscription session : sessions) {
            if (filter.passes(session) && !withoutUsers.contains(session.userId())) {
                group.addRecipients(session.offset() - before);
                before = session.offset();
            }
        }
        return group.build();
    }
}
