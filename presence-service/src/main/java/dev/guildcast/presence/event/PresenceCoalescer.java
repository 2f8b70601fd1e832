package dev.guildcast.presence.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Users whose presence changed and has not been told: a change waits for the flap window, and whatever happens within
/// it is told as one.
///
/// - **Owner:** the presence loop.
/// - **Bound:** one entry a user.
/// - **Promise:** a user is handed out to one announcement at a time, so that news of a user never overtakes older
/// news.
public final class PresenceCoalescer {
    /// Announcements of one change that may fail before it is given up: about five minutes of trying.
    public static final int ATTEMPTS_MAX = 64;

    private static final Duration RETRY_FIRST = Duration.ofMillis(250);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);

    private final Duration flap;
    private final Map<Long, Pending> pending = new HashMap<>();
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparing(Turn::at).thenComparing(Turn::user));

    public PresenceCoalescer(Duration flap) {
        this.flap = flap;
    }

    /// Something about the user may look different.
    public void onChanged(long user, Instant now) {
        Pending entry = pending.get(user);
        if (entry == null) {
            pending.put(user, new Pending());
            turns.add(new Turn(user, now.plus(flap)));
        } else if (entry.announcing) {
            entry.changedSince = true;
        }
    }

    /// Hands out users whose time came; each is held back until [#onTold] or [#onFailed].
    public List<Long> due(Instant now, int max) {
        var due = new ArrayList<Long>();
        while (due.size() < max && !turns.isEmpty() && !turns.peek().at.isAfter(now)) {
            long user = turns.remove().user;
            Pending entry = pending.get(user);
            if (entry != null) {
                entry.announcing = true;
                due.add(user);
            }
        }
        return due;
    }

    /// The announcement of a user was made, or there was nothing to tell.
    public void onTold(long user, Instant now) {
        Pending entry = pending.remove(user);
        if (entry != null && entry.changedSince) {
            onChanged(user, now);
        }
    }

    /// The announcement failed and is tried again later, with whatever is true then.
    ///
    /// @return false when it was tried too often and is given up
    public boolean onFailed(long user, Instant now) {
        Pending entry = pending.get(user);
        if (entry == null || ++entry.attempts >= ATTEMPTS_MAX) {
            onTold(user, now);
            return false;
        }
        entry.announcing = false;
        entry.changedSince = false;
        Duration wait = RETRY_FIRST.multipliedBy(1L << Math.min(entry.attempts - 1, 5));
        turns.add(new Turn(user, now.plus(wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX)));
        return true;
    }

    /// Whether a change of the user has yet to be told.
    public boolean pends(long user) {
        return pending.containsKey(user);
    }

    public int pendingCount() {
        return pending.size();
    }

    private static final class Pending {
        boolean announcing;
        boolean changedSince;
        int attempts;
    }

    private record Turn(long user, Instant at) {}
}
