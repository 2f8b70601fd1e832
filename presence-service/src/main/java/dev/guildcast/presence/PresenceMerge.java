package dev.guildcast.presence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;

/// How the sessions of a user become one presence: dnd over online over idle over invisible, activities one after the
/// other in the order of the sessions. A session that hides shows nothing, whatever it says.
public final class PresenceMerge {
    private PresenceMerge() {}

    public static Presence merge(Collection<SessionState> sessions) {
        var clients = new TreeMap<String, Status>();
        var activities = new ArrayList<Activity>();
        Status best = Status.OFFLINE;
        var inOrder = sessions.stream()
                .filter(session -> session.status().visible())
                .sorted(Comparator.comparingLong(SessionState::session))
                .toList();
        for (SessionState session : inOrder) {
            best = stronger(best, session.status());
            clients.merge(session.client(), session.status(), PresenceMerge::stronger);
            activities.addAll(session.activities());
        }
        return inOrder.isEmpty() ? Presence.OFFLINE : new Presence(best, activities, clients);
    }

    private static Status stronger(Status one, Status other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
