package dev.guildcast.session.link;

import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The ways in which a connection lets go of a session: it ends, its client stops reading, its gateway is gone.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the shard's sessions.
/// - **Promise:** only the connection that has a session ends it.
final class Detaching implements CursorPump.Fallen {
    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final SessionExpiry expiry;
    private final SessionCloser closer;
    private final BatchWriter writer;
    private final LongSupplier nanoTime;
    private final LinkMetrics metrics;
    // Connections that ended while their Attached was still on its way.
    private final Map<Long, Gone> goneWhenAttached = new HashMap<>();

    Detaching(
            OwnedShard shard,
            SessionShard machine,
            AttachTable table,
            SessionExpiry expiry,
            SessionCloser closer,
            BatchWriter writer,
            LongSupplier nanoTime,
            LinkMetrics metrics) {
        this.shard = shard;
        this.machine = machine;
        this.table = table;
        this.expiry = expiry;
        this.closer = closer;
        this.writer = writer;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    /// @param end whether the session ends with the connection
    void detach(long offset, long attachId, boolean end) {
        var session = machine.sessions().at(offset);
        if (!shard.live() || session == null || table.isClosing(offset)) {
            return;
        }
        var holder = table.holder(offset);
        boolean holds = holder != null && holder.attachId == attachId;
        if (holds) {
            table.drop(offset);
            expiry.restart(offset, nanoTime.getAsLong());
        }
        if (table.isAttaching(offset, attachId)) {
            if (holds) {
                goneWhenAttached.put(offset, new Gone(attachId, end));
            }
        } else if (session.attachId() == attachId
                && (holds || holder == null)
                && !table.anotherAttaches(offset, attachId)) {
            table.released(offset);
            if (end) {
                closer.close(session, Close.Reason.CLIENT);
            }
        }
    }

    /// An Attached of ours was applied.
    void onAttached(Attached attached) {
        long offset = attached.getSessionOffset();
        var session = machine.sessions().at(offset);
        var gone = goneWhenAttached.get(offset);
        if (gone == null || gone.attachId != attached.getAttachId()) {
            return;
        }
        goneWhenAttached.remove(offset);
        if (session != null && session.attachId() == gone.attachId && table.holder(offset) == null && shard.live()) {
            table.released(offset);
            if (gone.end) {
                closer.close(session, Close.Reason.CLIENT);
            }
        }
    }

    /// The client does not read: its connection keeps the session, and nothing is pushed until it attaches again.
    void park(GatewayLink link, long handle, long attachId) {
        var holder = table.holder(link, handle);
        if (holder != null && holder.attachId == attachId) {
            holder.parked = true;
            holder.fetched = Map.of();
            metrics.parked();
        }
    }

    /// The stream has ended; its connections may come back by another one.
    void onLinkClosed(GatewayLink link) {
        long now = nanoTime.getAsLong();
        for (var holder : table.dropAll(link)) {
            expiry.restart(holder.session.offset(), now);
        }
    }

    /// Everything without a connection is given its whole time from now on.
    void restartTimers() {
        long now = nanoTime.getAsLong();
        expiry.clear();
        for (var session : machine.sessions().all()) {
            if (table.holder(session.offset()) == null) {
                expiry.restart(session.offset(), now);
            }
        }
    }

    void onTick() {
        long now = nanoTime.getAsLong();
        for (long offset : expiry.expired(now)) {
            var session = machine.sessions().at(offset);
            if (session != null && table.holder(offset) == null && !table.isClosing(offset)) {
                if (closer.close(session, Close.Reason.EXPIRED)) {
                    metrics.expired();
                } else {
                    expiry.restart(offset, now);
                }
            }
        }
    }

    /// A Close was applied, or found void.
    void onClose(Close close, boolean valid) {
        long offset = close.getSessionOffset();
        if (close.getNonce() == shard.nonce()) {
            table.closeApplied(offset);
        }
        if (!valid) {
            return;
        }
        expiry.stop(offset);
        goneWhenAttached.remove(offset);
        table.forget(offset);
        var holder = table.drop(offset);
        if (holder != null) {
            writer.control(
                    holder.link,
                    close.getReason() == Close.Reason.EXPIRED
                            ? HostMessages.closed(holder.handle)
                            : HostMessages.invalid(holder.handle));
        }
    }

    @Override
    public void outOfRing(AttachedSession holder) {
        writer.control(holder.link, HostMessages.parked(holder.handle));
        drop(holder.session);
        metrics.parked();
    }

    @Override
    public void outOfLog(AttachedSession holder) {
        writer.control(holder.link, HostMessages.invalid(holder.handle));
        drop(holder.session);
        if (shard.live()) {
            closer.closeIfAlone(holder.session, holder.attachId, Close.Reason.OVERRUN);
        }
    }

    private void drop(Session session) {
        table.drop(session.offset());
        expiry.restart(session.offset(), nanoTime.getAsLong());
    }

    /// @param end whether the session was to end with it
    private record Gone(long attachId, boolean end) {}
}
