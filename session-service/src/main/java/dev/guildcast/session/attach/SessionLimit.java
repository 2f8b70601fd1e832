package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionRegistry;
import dev.guildcast.session.push.AttachTable;

/// Bounds the sessions of one user, each of which multiplies every delivery to it: the oldest one without a connection
/// ends when another is opened.
///
/// After a change of owner it is not known at once which sessions have a connection; until their gateways have attached
/// again, or they expire, a user may have more.
///
/// - **Owner:** the shard's loop.
final class SessionLimit {
    /// Discord's limit for a user account; far above the devices of a person.
    static final int SESSIONS_MAX = 50;
    /// Generations of a bot that run at the same time: two during a deployment, and those that crashed less than
    /// `session.timeout` ago.
    static final int GENERATIONS_MAX = 4;

    private final SessionRegistry sessions;
    private final AttachTable table;
    private final SessionCloser closer;

    SessionLimit(SessionRegistry sessions, AttachTable table, SessionCloser closer) {
        this.sessions = sessions;
        this.table = table;
        this.closer = closer;
    }

    /// Makes room for another session; false if every session of the user has a connection.
    boolean makeRoom(Open requested) {
        int open = 0;
        boolean allAttached = true;
        Session oldestDetached = null;
        for (var session : sessions.ofUser(requested.getUserId())) {
            if (table.isCloseInFlight(session.offset())) {
                continue;
            }
            open++;
            allAttached &= table.holder(session.offset()) != null;
            if (oldestDetached == null && table.isReleased(session.offset())) {
                oldestDetached = session;
            }
        }
        if (open < sessionsMax(requested)) {
            return true;
        }
        if (oldestDetached != null) {
            return closer.close(oldestDetached, Close.Reason.TOO_MANY);
        }
        return !allAttached;
    }

    private static int sessionsMax(Open requested) {
        return requested.getBot()
                ? (int) Math.max(
                        SESSIONS_MAX,
                        Math.min(
                                Integer.MAX_VALUE,
                                (long) GENERATIONS_MAX * Integer.toUnsignedLong(requested.getShardCount())))
                : SESSIONS_MAX;
    }
}
