package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.session.push.AttachedSession;
import dev.guildcast.session.push.BatchWriter;
import dev.guildcast.session.push.CursorPump;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.shard.OwnedShard;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Releases sessions: a connection ends, its client stops reading, its gateway disconnects, or the session expires.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the shard's sessions.
/// - **Promise:** of all connections, only the one that holds a session can end it.
final class DetachHandler implements CursorPump.OverrunHandler {
    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final SessionExpiry expiry;
    private final SessionCloser closer;
    private final BatchWriter writer;
    private final LongSupplier nanoTime;
    private final AttachMetrics metrics;
    // Connections that ended while their Attached was in flight.
    private final Map<Long, Disconnect> disconnectsDuringAttach = new HashMap<>();

    DetachHandler(FrontendState state) {
        this.shard = state.shard();
        this.machine = state.machine();
        this.table = state.table();
        this.expiry = state.expiry();
        this.closer = state.closer();
        this.writer = state.writer();
        this.nanoTime = state.context().nanoTime();
        this.metrics = state.context().metrics();
    }

    /// @param endSession whether the session ends with the connection
    void detach(long offset, long attachId, boolean endSession) {
        var session = machine.sessions().at(offset);
        if (!shard.live() || session == null || table.isCloseInFlight(offset)) {
            return;
        }
        var holder = table.holder(offset);
        boolean holds = holder != null && holder.attachId() == attachId;
        if (holds) {
            table.remove(offset);
            expiry.restart(offset, nanoTime.getAsLong());
        }
        if (table.isAttachInFlight(offset, attachId)) {
            if (holds) {
                disconnectsDuringAttach.put(offset, new Disconnect(attachId, endSession));
            }
        } else if (session.attachId() == attachId
                && (holds || holder == null)
                && !table.isOtherAttachInFlight(offset, attachId)) {
            table.markReleased(offset);
            if (endSession) {
                closer.close(session, Close.Reason.CLIENT);
            }
        }
    }

    /// An Attached was applied.
    void onAttachedApplied(Attached attached) {
        long offset = attached.getSessionOffset();
        var session = machine.sessions().at(offset);
        var disconnect = disconnectsDuringAttach.get(offset);
        if (disconnect == null || disconnect.attachId != attached.getAttachId()) {
            return;
        }
        disconnectsDuringAttach.remove(offset);
        if (session != null
                && session.attachId() == disconnect.attachId
                && table.holder(offset) == null
                && shard.live()) {
            table.markReleased(offset);
            if (disconnect.endSession) {
                closer.close(session, Close.Reason.CLIENT);
            }
        }
    }

    /// The client does not read: its connection keeps the session, but nothing is pushed until it attaches again.
    void park(GatewayLink link, long handle, long attachId) {
        var holder = table.holder(link, handle);
        if (holder != null && holder.attachId() == attachId) {
            holder.park();
            metrics.parked();
        }
    }

    /// The stream has ended; its connections may attach again by another one. Their gateway may not have noticed yet.
    void onLinkClosed(GatewayLink link) {
        long now = nanoTime.getAsLong();
        for (var holder : table.removeAll(link)) {
            expiry.restart(holder.session().offset(), now, link.hold());
        }
    }

    /// Restarts the timeout of every session without a connection.
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
            if (session != null && table.holder(offset) == null && !table.isCloseInFlight(offset)) {
                if (closer.close(session, Close.Reason.EXPIRED)) {
                    metrics.expired();
                } else {
                    expiry.restart(offset, now);
                }
            }
        }
    }

    /// A Close was applied, validly or as void.
    void onCloseApplied(SessionChange.Closed closed) {
        var close = closed.close();
        long offset = close.getSessionOffset();
        if (close.getNonce() == shard.nonce()) {
            table.closeApplied(offset);
        }
        if (closed.session() == null) {
            return;
        }
        expiry.stop(offset);
        disconnectsDuringAttach.remove(offset);
        table.forget(offset);
        var holder = table.remove(offset);
        if (holder != null) {
            writer.sendControl(
                    holder.link(),
                    close.getReason() == Close.Reason.EXPIRED
                            ? HostMessages.closed(holder.handle())
                            : HostMessages.invalid(holder.handle()));
        }
    }

    @Override
    public void onRingOverrun(AttachedSession holder) {
        writer.sendControl(holder.link(), HostMessages.parked(holder.handle()));
        release(holder.session());
        metrics.parked();
    }

    @Override
    public void onLogOverrun(AttachedSession holder) {
        writer.sendControl(holder.link(), HostMessages.invalid(holder.handle()));
        release(holder.session());
        if (shard.live()) {
            closer.closeUnlessHeldElsewhere(holder.session(), holder.attachId(), Close.Reason.OVERRUN);
        }
    }

    private void release(Session session) {
        table.remove(session.offset());
        expiry.restart(session.offset(), nanoTime.getAsLong());
    }

    /// @param endSession whether the session ends with the connection
    private record Disconnect(long attachId, boolean endSession) {}
}
