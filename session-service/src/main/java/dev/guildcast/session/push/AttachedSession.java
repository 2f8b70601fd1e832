package dev.guildcast.session.push;

import dev.guildcast.session.Session;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.stream.GatewayLink;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A session that a connection holds on this host, and how far it has been pushed.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one read of the log held for a replay.
/// - **Promise:** everything up to `cursor` has been written to the link, in order.
public final class AttachedSession {
    /// No sequence: sequences start at 1, and a replay may end with 0.
    private static final int NO_REPLAY = -1;

    private final Session session;
    private final GatewayLink link;
    private final long handle;
    private final long attachId;
    private int cursor;
    /// Number of the last command appended for this connection.
    private long lastCommandAppended;
    /// The client does not read: nothing is pushed until the gateway re-attaches.
    private boolean parked;
    /// Waits in the pump's queue, or for a read of the log.
    private boolean queued;
    /// Older records read from the log for this replay.
    private Map<Long, LoggedRecord> fetched = Map.of();

    private int replayEnd = NO_REPLAY;

    public AttachedSession(Session session, GatewayLink link, long handle, long attachId, int cursor) {
        this.session = session;
        this.link = link;
        this.handle = handle;
        this.attachId = attachId;
        this.cursor = cursor;
        this.lastCommandAppended = session.attachId() == attachId ? session.lastCommand() : 0;
    }

    public Session session() {
        return session;
    }

    public GatewayLink link() {
        return link;
    }

    public long handle() {
        return handle;
    }

    public long attachId() {
        return attachId;
    }

    public long lastCommandAppended() {
        return lastCommandAppended;
    }

    /// A command of this number was appended for the connection.
    public void onCommandAppended(long number) {
        lastCommandAppended = number;
    }

    /// Stops the push: the client does not read.
    public void park() {
        parked = true;
        fetched = Map.of();
    }

    boolean isParked() {
        return parked;
    }

    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean newValue) {
        queued = newValue;
    }

    /// The last sequence written to the link.
    int cursor() {
        return cursor;
    }

    /// A dispatch was written to the link.
    void onWritten(int sequence) {
        cursor = sequence;
    }

    /// A record that was read for this replay.
    @Nullable
    LoggedRecord fetched(long offset) {
        return fetched.get(offset);
    }

    /// Holds what was read for this replay, instead of what was read before.
    void holdFetched(Map<Long, LoggedRecord> byOffset) {
        fetched = byOffset;
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
