package dev.guildcast.session.link;

import dev.guildcast.session.Session;
import dev.guildcast.session.resume.LoggedRecord;
import java.util.Map;
import java.util.OptionalInt;

/// One connection's hold on one session, on this host.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one read of the log held in [#fetched].
/// - **Promise:** everything up to `cursor` has been put on the link, in order.
final class AttachedSession {
    private static final int NO_MARK = -1;

    final Session session;
    final GatewayLink link;
    final long handle;
    final long attachId;
    /// The last sequence put on the link.
    int cursor;
    /// Number of the last command appended for this connection.
    long commandSent;
    /// The client does not read: nothing is pushed until the gateway re-attaches.
    boolean parked;
    /// Waits in the pump's queue, or for the log.
    boolean queued;
    /// Older records read from the log for this replay.
    Map<Long, LoggedRecord> fetched = Map.of();

    private int mark = NO_MARK;

    AttachedSession(Session session, GatewayLink link, long handle, long attachId, int cursor) {
        this.session = session;
        this.link = link;
        this.handle = handle;
        this.attachId = attachId;
        this.cursor = cursor;
        this.commandSent = session.attachId() == attachId ? session.command() : 0;
    }

    /// The Attached of this connection was applied: what has a sequence up to now is its replay.
    void markReplay() {
        mark = session.sequence();
    }

    /// The last sequence of the replay, once all of it has been pushed and this has not been said yet.
    OptionalInt replayDone() {
        if (mark == NO_MARK || cursor < mark) {
            return OptionalInt.empty();
        }
        int done = mark;
        mark = NO_MARK;
        return OptionalInt.of(done);
    }

    boolean isBehind() {
        return cursor < session.sequence();
    }
}
