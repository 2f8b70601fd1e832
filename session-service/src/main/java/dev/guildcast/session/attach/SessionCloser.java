package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.shard.OwnedShard;

/// Appends Close records; a session has ended when its Close has been applied.
final class SessionCloser {
    private final OwnedShard shard;
    private final AttachTable table;

    SessionCloser(OwnedShard shard, AttachTable table) {
        this.shard = shard;
        this.table = table;
    }

    /// @return false if this host is not live, so that nothing was appended
    boolean close(Session session, Close.Reason reason) {
        if (table.isCloseInFlight(session.offset())) {
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
        table.closeAppended(session.offset());
        return true;
    }

    /// Closes the session unless another connection holds it, or may hold it: its current attach must be the requesting
    /// one, or be known on this host to have ended.
    void closeUnlessHeldElsewhere(Session session, long requestingAttachId, Close.Reason reason) {
        boolean heldByNoOther = session.attachId() == requestingAttachId || table.isReleased(session.offset());
        if (heldByNoOther && !table.isOtherAttachInFlight(session.offset(), requestingAttachId)) {
            close(session, reason);
        }
    }
}
