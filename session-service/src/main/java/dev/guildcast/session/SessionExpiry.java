package dev.guildcast.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Times out the sessions that have no connection.
///
/// - **Owner:** the shard's loop; used by a live owner only, which restarts all timers whenever it becomes live again.
/// - **Bound:** the shard's sessions.
/// - **Promise:** a session expires only when its whole timeout has passed since its timer was last restarted.
public final class SessionExpiry {
    private final long timeoutNanos;
    // All timeouts are equal, so the order of insertion is the order of expiry.
    private final LinkedHashMap<Long, Long> idleSince = new LinkedHashMap<>();

    public SessionExpiry(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /// Restarts the session's timer: it has no connection as of now.
    public void restart(long session, long nowNanos) {
        idleSince.remove(session);
        idleSince.put(session, nowNanos);
    }

    public void stop(long session) {
        idleSince.remove(session);
    }

    public void clear() {
        idleSince.clear();
    }

    /// Removes and returns the sessions whose timeout has passed.
    public List<Long> expired(long nowNanos) {
        var expired = new ArrayList<Long>();
        var oldestFirst = idleSince.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            var entry = oldestFirst.next();
            if (nowNanos - entry.getValue() < timeoutNanos) {
                break;
            }
            expired.add(entry.getKey());
            oldestFirst.remove();
        }
        return expired;
    }
}
