package dev.guildcast.session.push;

import dev.guildcast.session.Session;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.stream.GatewayLink;
import java.util.Map;
import java.util.OptionalInt;

/// A session that a connection holds on this host, and how far it has been pushed.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one read of the log held in [#fetched].
/// - **Promise:** everything up to `cursor` has been written to the link, in order.
public final class AttachedSession {
    /// No sequence: sequences start at 1, and a replay may end with 0.
    private static final int NO_REPLAY = -1;

    public final Session session;
    public final GatewayLink link;
    public final long handle;
    public final long attachId;
    /// The last sequence written to the link.
    int cursor;
    /// Number of the last command appended for this connection.
    public long lastCommandAppended;
    /// The client does not read: nothing is pushed until the gateway re-attaches.
    public boolean parked;
    /// Waits in the pump's queue, or for a read of the log.
    boolean queued;
    /// Older records read from the log for this replay.
    public Map<Long, LoggedRecord> fetched = Map.of();

    private int replayEnd = NO_REPLAY;

    public AttachedSession(Session session, GatewayLink link, long handle, long attachId, int cursor) {
        this.session = session;
        this.link = link;
        this.handle = handle;
        this.attachId = attachId;
        this.cursor = cursor;
        this.lastCommandAppended = session.attachId() == attachId ? session.lastCommand() : 0;
    }

    /// The Attached of this connection was applied: its replay ends with the last sequence assigned so far.
    public void beginReplay() {
        replayEnd = session.sequence();
    }

    /// The last sequence of the replay, once all of it has been pushed; returned by one call only.
    OptionalInt takeReplayDone() {
        if (replayEnd == NO_REPLAY || cursor < replayEnd) {
            return OptionalInt.empty();
        }
        int done = replayEnd;
        replayEnd = NO_REPLAY;
        return OptionalInt.of(done);
    }

    public boolean isBehind() {
        return cursor < session.sequence();
    }
}
