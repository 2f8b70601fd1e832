package dev.guildcast.witness.model;

import dev.guildcast.witness.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The states that a guild went through, one for each change. All changes of a guild come from one publisher.
public final class GuildHistory {
    private final List<GuildState> states = new ArrayList<>();
    private final List<Publication> changes = new ArrayList<>();
    private final Map<String, Integer> versionAfter = new HashMap<>();

    GuildHistory(GuildState first) {
        states.add(first);
    }

    void append(Publication change) {
        if (!changes.isEmpty() && !changes.getLast().before(change)) {
            throw new IllegalArgumentException("changes of guild " + change.guildId() + " have no known order: "
                    + changes.getLast().mark() + ", " + change.mark());
        }
        changes.add(change);
        states.add(states.getLast().after(change.type(), change.body()));
        versionAfter.put(change.mark(), states.size() - 1);
    }

    public GuildState state(int version) {
        return states.get(version);
    }

    public int last() {
        return states.size() - 1;
    }

    /// The change that made this version; version 0 has none.
    public Publication change(int version) {
        return changes.get(version - 1);
    }

    /// The version that this publication made; 0 if it changed nothing.
    int versionMadeBy(Publication publication) {
        return versionAfter.getOrDefault(publication.mark(), 0);
    }

    /// The oldest version that an event may have met.
    int earliest(Publication event) {
        int version = 0;
        while (version < last() && change(version + 1).before(event)) {
            version++;
        }
        return version;
    }

    /// The newest version that it may have met.
    int latest(Publication event) {
        int version = last();
        while (version > 0 && event.before(change(version))) {
            version--;
        }
        return version;
    }

    /// Which of the user's stays in the guild this version is in, from 1; between two stays the one that is over, 0
    /// before the first.
    public int stint(String user, int version) {
        int stints = 0;
        boolean member = false;
        for (int v = 0; v <= version; v++) {
            boolean now = states.get(v).hasMember(user);
            if (now && !member) {
                stints++;
            }
            member = now;
        }
        return stints;
    }

    /// The stays of a user, in order.
    public List<Stint> stints(String user) {
        var found = new ArrayList<Stint>();
        int from = -1;
        for (int v = 0; v <= last(); v++) {
            boolean now = states.get(v).hasMember(user);
            if (now && from < 0) {
                from = v;
            } else if (!now && from >= 0) {
                found.add(new Stint(from, v));
                from = -1;
            }
        }
        if (from >= 0) {
            found.add(new Stint(from, Stint.OPEN));
        }
        return found;
    }

    /// A stay: from the version in which the user is a member to the one in which it is no longer.
    ///
    /// @param to [#OPEN] when it has not ended
    public record Stint(int from, int to) {
        public static final int OPEN = Integer.MAX_VALUE;

        public boolean open() {
            return to == OPEN;
        }
    }
}
