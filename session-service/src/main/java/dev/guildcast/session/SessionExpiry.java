package dev.guildcast.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Times out the sessions that have no connection.
///
/// - **Owner:** the shard's loop; used by a live owner only, which restarts all timers whenever it becomes live again.
/// - **Bound:** the shard's sessions.
/// - **Promise:** a session expires only when its whole timeout has passed since its timer was last restarted, and
///   never before the end of its hold.
public final class SessionExpiry {
    private final long timeoutNanos;
    // All timeouts are equal, so the order of insertion is the order of expiry.
    private final LinkedHashMap<Long, Long> idleSince = new LinkedHashMap<>();
    // Only holds that outlast the timeout; with the default settings there are none.
    private final Map<Long, Long> heldUntil = new HashMap<>();

    public SessionExpiry(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /// Restarts the session's timer: it has no connection as of now.
    public void restart(long session, long nowNanos) {
        idleSince.remove(session);
        idleSince.put(session, nowNanos);
    }

    /// As [#restart], for a session whose gateway was lost: the gateway may keep the client connected without knowing
    /// that this host has detached it, and needs `hold` to notice and to ask it to reconnect.
    public void restart(long session, long nowNanos, Duration hold) {
        restart(session, nowNanos);
        if (hold.toNanos() > timeoutNanos) {
            heldUntil.put(session, nowNanos + hold.toNanos());
        }
    }

    /// A connection holds the session, or it has ended.
    public void stop(long session) {
        idleSince.remove(session);
        heldUntil.remove(session);
    }

    /// Stops all timers. Holds stay: no restart of a timer may shorten one.
    public void clear() {
        idleSince.clear();
    }

    /// Removes and returns the sessions whose timeout has passed.
    public List<Long> expired(long nowNanos) {
        heldUntil.values().removeIf(until -> nowNanos - until >= 0);
        var expired = new ArrayList<Long>();
        var oldestFirst = idleSince.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            var entry = oldestFirst.next();
            if (nowNanos - entry.getValue() < timeoutNanos) {
                break;
            }
            if (!heldUntil.containsKey(entry.getKey())) {
                expired.add(entry.getKey());
                oldestFirst.remove();
            }
        }
        return expired;
    }
}
