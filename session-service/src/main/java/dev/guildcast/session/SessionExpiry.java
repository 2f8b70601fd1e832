package dev.guildcast.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Since when sessions are without a connection.
///
/// - **Owner:** the shard's loop; used by a live owner only, whose timers start afresh whenever it is live again.
/// - **Bound:** the shard's sessions.
/// - **Promise:** names a session only when its whole timeout has passed since it was last started.
public final class SessionExpiry {
    private final long timeoutNanos;
    // All wait equally long, so the order of starting is the order of expiring.
    private final LinkedHashMap<Long, Long> idleSince = new LinkedHashMap<>();

    public SessionExpiry(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /// The session has no connection from now on, or once more.
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

    /// The sessions whose time is over, each named once.
    public List<Long> expired(long nowNanos) {
        var over = new ArrayList<Long>();
        var each = idleSince.entrySet().iterator();
        while (each.hasNext()) {
            var entry = each.next();
            if (nowNanos - entry.getValue() < timeoutNanos) {
                break;
            }
            over.add(entry.getKey());
            each.remove();
        }
        return over;
    }
}
