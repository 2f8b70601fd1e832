package dev.guildcast.presence.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Users with an unannounced presence change. A change waits for the flap window; all changes within it are announced
/// as one.
///
/// - **Owner:** the presence loop.
/// - **Bound:** one entry a user.
/// - **Promise:** a user is in one announcement at a time, so that an announcement never overtakes an older one of the
/// same user.
public final class PresenceCoalescer {
    /// Failed announcements of one change before it is abandoned: about five minutes of retries.
    public static final int ATTEMPTS_MAX = 64;

    /// Before the first retry, and doubled from then on: long enough for a change of owner, short against a timeout.
    private static final Duration RETRY_DELAY_MIN = Duration.ofMillis(250);

    /// Longest delay between retries: after an outage users are announced within this time.
    private static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(5);

    private final Duration flapWindow;
    private final Map<Long, PendingChange> pending = new HashMap<>();
    private final PriorityQueue<DueEntry> dueQueue =
            new PriorityQueue<>(Comparator.comparing(DueEntry::dueAt).thenComparing(DueEntry::user));

    public PresenceCoalescer(Duration flapWindow) {
        this.flapWindow = flapWindow;
    }

    /// The visible presence of the user may have changed.
    public void onChanged(long user, Instant now) {
        PendingChange entry = pending.get(user);
        if (entry == null) {
            pending.put(user, new PendingChange());
            dueQueue.add(new DueEntry(user, now.plus(flapWindow)));
        } else if (entry.announcing) {
            entry.changedSince = true;
        }
    }

    /// Users whose flap window or retry delay has passed; none is handed out again before [#onAnnounced] or
    /// [#onFailed].
    public List<Long> takeDue(Instant now, int max) {
        var due = new ArrayList<Long>();
        while (due.size() < max && !dueQueue.isEmpty() && !dueQueue.peek().dueAt.isAfter(now)) {
            long user = dueQueue.remove().user;
            PendingChange entry = pending.get(user);
            if (entry != null) {
                entry.announcing = true;
                due.add(user);
            }
        }
        return due;
    }

    /// The user was announced, or had no visible change.
    public void onAnnounced(long user, Instant now) {
        PendingChange entry = pending.remove(user);
        if (entry != null && entry.changedSince) {
            onChanged(user, now);
        }
    }

    /// The announcement failed and is retried later, with the presence as of then.
    ///
    /// @return false when it failed [#ATTEMPTS_MAX] times and is abandoned
    public boolean onFailed(long user, Instant now) {
        PendingChange entry = pending.get(user);
        if (entry == null || ++entry.attempts >= ATTEMPTS_MAX) {
            onAnnounced(user, now);
            return false;
        }
        entry.announcing = false;
        entry.changedSince = false;
        Duration delay = RETRY_DELAY_MIN.multipliedBy(1L << Math.min(entry.attempts - 1, 5));
        dueQueue.add(new DueEntry(user, now.plus(delay.compareTo(RETRY_DELAY_MAX) < 0 ? delay : RETRY_DELAY_MAX)));
        return true;
    }

    /// Whether a change of the user has not been announced yet.
    public boolean isPending(long user) {
        return pending.containsKey(user);
    }

    public int pendingCount() {
        return pending.size();
    }

    private static final class PendingChange {
        boolean announcing;
        boolean changedSince;
        int attempts;
    }

    private record DueEntry(long user, Instant dueAt) {}
}
