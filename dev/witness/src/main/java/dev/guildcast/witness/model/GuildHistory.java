package dev.guildcast.witness.model;

import dev.guildcast.witness.PublishedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The states of a guild over time, one per change. All changes of a guild come from one publisher.
public final class GuildHistory {
    private final List<GuildState> states = new ArrayList<>();
    private final List<PublishedEvent> changes = new ArrayList<>();
    private final Map<String, Integer> versionAfter = new HashMap<>();

    GuildHistory(GuildState first) {
        states.add(first);
    }

    void append(PublishedEvent change) {
        if (!changes.isEmpty() && !changes.getLast().precedes(change)) {
            throw new IllegalArgumentException("changes of guild " + change.guildId() + " have no known order: "
                    + changes.getLast().mark() + ", " + change.mark());
        }
        changes.add(change);
        states.add(states.getLast().apply(change.type(), change.body()));
        versionAfter.put(change.mark(), states.size() - 1);
    }

    public GuildState state(int version) {
        return states.get(version);
    }

    public int lastVersion() {
        return states.size() - 1;
    }

    /// The change that made this version; version 0 has none.
    public PublishedEvent change(int version) {
        return changes.get(version - 1);
    }

    /// The version that this publication made; 0 if it changed nothing.
    int versionMadeBy(PublishedEvent publication) {
        return versionAfter.getOrDefault(publication.mark(), 0);
    }

    /// The oldest version to which an event may have been applied.
    int earliestVersion(PublishedEvent event) {
        int version = 0;
        while (version < lastVersion() && change(version + 1).precedes(event)) {
            version++;
        }
        return version;
    }

    /// The newest version to which an event may have been applied.
    int latestVersion(PublishedEvent event) {
        int version = lastVersion();
        while (version > 0 && event.precedes(change(version))) {
            version--;
        }
        return version;
    }

    /// The index of the user's membership at this version, from 1; between two memberships that of the one that ended,
    /// 0 before the first.
    public int membershipIndex(String user, int version) {
        int memberships = 0;
        boolean member = false;
        for (int v = 0; v <= version; v++) {
            boolean now = states.get(v).hasMember(user);
            if (now && !member) {
                memberships++;
            }
            member = now;
        }
        return memberships;
    }

    /// The memberships of a user, in order.
    public List<MembershipPeriod> membershipPeriods(String user) {
        var found = new ArrayList<MembershipPeriod>();
        int from = -1;
        for (int v = 0; v <= lastVersion(); v++) {
            boolean now = states.get(v).hasMember(user);
            if (now && from < 0) {
                from = v;
            } else if (!now && from >= 0) {
                found.add(new MembershipPeriod(from, v));
                from = -1;
            }
        }
        if (from >= 0) {
            found.add(new MembershipPeriod(from, MembershipPeriod.OPEN));
        }
        return found;
    }

    /// A membership: from the first version in which the user is a member to the first in which it no longer is.
    ///
    /// @param to [#OPEN] if it has not ended
    public record MembershipPeriod(int from, int to) {
        /// Beyond every version.
        public static final int OPEN = Integer.MAX_VALUE;

        public boolean isOpen() {
            return to == OPEN;
        }
    }
}
