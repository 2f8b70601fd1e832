package dev.guildcast.session.link;

import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.shard.OwnedShard;

/// Writes the end of a session into the log; it has ended when the record has been applied.
final class SessionCloser {
    private final OwnedShard shard;
    private final AttachTable table;

    SessionCloser(OwnedShard shard, AttachTable table) {
        this.shard = shard;
        this.table = table;
    }

    /// @return false if this host is not live, so that nothing was written
    boolean close(Session session, Close.Reason reason) {
        if (table.isClosing(session.offset())) {
            return true;
        }
        var close = Close.newBuilder()
                .setNonce(shard.nonce())
                .setSessionOffset(session.offset())
                .setLastAttachSeen(session.lastAttach())
                .setReason(reason);
        if (!shard.append(SessionRecord.newBuilder().setClose(close).build().toByteArray())) {
            return false;
        }
        table.closing(session.offset());
        return true;
    }

    /// Closes unless another connection has the session, or may have it: its current attach is either the one that
    /// asks, or known to have ended here.
    void closeIfAlone(Session session, long askingAttachId, Close.Reason reason) {
        boolean alone = session.attachId() == askingAttachId || table.isReleased(session.offset());
        if (alone && !table.anotherAttaches(session.offset(), askingAttachId)) {
            close(session, reason);
        }
    }
}
