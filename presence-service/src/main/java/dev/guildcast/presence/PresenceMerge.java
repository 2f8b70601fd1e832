package dev.guildcast.presence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;

/// Merges the sessions of a user into one presence. The strongest status wins (dnd, online, idle, invisible), and
/// activities are concatenated in the order of the sessions. An invisible session contributes nothing.
public final class PresenceMerge {
    private PresenceMerge() {}

    public static Presence merge(Collection<SessionState> sessions) {
        var clients = new TreeMap<String, Status>();
        var activities = new ArrayList<Activity>();
        Status strongest = Status.OFFLINE;
        var inOrder = sessions.stream()
                .filter(session -> session.status().isVisible())
                .sorted(Comparator.comparingLong(SessionState::session))
                .toList();
        for (SessionState session : inOrder) {
            strongest = stronger(strongest, session.status());
            clients.merge(session.client(), session.status(), PresenceMerge::stronger);
            activities.addAll(session.activities());
        }
        return inOrder.isEmpty() ? Presence.OFFLINE : new Presence(strongest, activities, clients);
    }

    private static Status stronger(Status one, Status other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
