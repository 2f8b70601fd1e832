package dev.guildcast.session.attach;

import dev.guildcast.delivery.v1.Attached;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.session.push.AttachedSession;
import dev.guildcast.session.push.BatchWriter;
import dev.guildcast.session.push.CursorPump;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.ConnectionKey;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.session.stream.LinkCloseCode;
import dev.guildcast.shard.OwnedShard;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Grants sessions to connections: after Identify has opened one, at Resume, and at a re-attach.
///
/// A rejection is final for a client, so it is sent only when this host is live and has applied everything up to a log
/// end that was fetched after the request arrived: a read barrier, as Raft's ReadIndex. While a Close or an Attached of
/// the session is in flight, the answer to the gateway is to retry. The last attach wins; a connection that is
/// superseded never gets the session back.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one pending request for each connection.
/// - **Promise:** every request is answered, unless the host stops being live and sends Moved for the whole shard.
final class AttachHandler {
    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final SessionExpiry expiry;
    private final SessionCloser closer;
    private final CursorPump pump;
    private final BatchWriter writer;
    private final LongSupplier nanoTime;
    private final AttachMetrics metrics;
    // In order of arrival, so that runs are reproducible.
    private final Map<ConnectionKey, AttachRequest> pending = new LinkedHashMap<>();

    AttachHandler(FrontendState state, CursorPump pump) {
        this.shard = state.shard();
        this.machine = state.machine();
        this.table = state.table();
        this.expiry = state.expiry();
        this.closer = state.closer();
        this.pump = pump;
        this.writer = state.writer();
        this.nanoTime = state.context().nanoTime();
        this.metrics = state.context().metrics();
    }

    void submit(AttachRequest request) {
        pending.remove(request.connection());
        decide(request, false);
    }

    /// A Resume must have the session's protocol version and encoding, in which its dispatches were made. A session
    /// never changes them, so a rejection needs no read barrier.
    ///
    /// @param version 0: not compared
    /// @param encoding empty: not compared
    void resume(AttachRequest request, int version, String encoding) {
        var session = machine.sessions().at(request.id().offset());
        boolean differs = session != null
                && session.userId() == request.userId()
                && session.id().secret() == request.id().secret()
                && (version != 0 && version != session.open().getVersion()
                        || !encoding.isEmpty()
                                && !encoding.equals(session.open().getEncoding()));
        if (shard.live() && differs) {
            pending.remove(request.connection());
            metrics.attach(request.kind(), "format");
            request.link().send(HostMessages.invalid(request.handle()));
        } else {
            submit(request);
        }
    }

    /// The connection has ended, or sends another request.
    void cancel(GatewayLink link, long handle) {
        pending.remove(new ConnectionKey(link, handle));
    }

    void cancelAll(GatewayLink link) {
        pending.keySet().removeIf(connection -> connection.link() == link);
    }

    void cancelAll() {
        pending.clear();
    }

    /// Adds the links that have pending requests.
    void addPendingLinks(Collection<GatewayLink> links) {
        pending.keySet().forEach(connection -> links.add(connection.link()));
    }

    private void decide(AttachRequest request, boolean afterBarrier) {
        if (!shard.live()) {
            sendMoved(request);
            return;
        }
        long offset = request.id().offset();
        if (table.isCloseInFlight(offset)) {
            sendRetry(request);
            return;
        }
        var session = machine.sessions().at(offset);
        if (session == null
                || session.userId() != request.userId()
                || session.id().secret() != request.id().secret()) {
            reject(request, afterBarrier, "unknown", () -> request.link().send(HostMessages.invalid(request.handle())));
            return;
        }
        if (request.continuesAttach() && session.attachId() != request.attachId()) {
            reject(
                    request,
                    afterBarrier,
                    "superseded",
                    () -> request.link().send(HostMessages.superseded(request.handle())));
            return;
        }
        if (request.continuesAttach() && table.isOtherAttachInFlight(offset, request.attachId())) {
            sendRetry(request);
            return;
        }
        var ring = machine.ring(session);
        if (request.sequence() > ring.lastSequence()) {
            reject(request, afterBarrier, "future", () -> {
                request.link().send(HostMessages.refused(request.handle(), LinkCloseCode.INVALID_SEQUENCE));
                closer.closeUnlessHeldElsewhere(session, request.attachId(), Close.Reason.INVALID_SEQUENCE);
            });
        } else if (!ring.replayableAfter((int) request.sequence())) {
            reject(request, afterBarrier, "overrun", () -> {
                request.link().send(HostMessages.invalid(request.handle()));
                closer.closeUnlessHeldElsewhere(session, request.attachId(), Close.Reason.OVERRUN);
            });
        } else {
            grant(request, session);
        }
    }

    private void sendMoved(AttachRequest request) {
        request.link().send(HostMessages.moved(machine.shard().index(), request.handle()));
    }

    private void sendRetry(AttachRequest request) {
        metrics.attach(request.kind(), "retry");
        request.link().send(HostMessages.retry(request.handle()));
    }

    private void reject(AttachRequest request, boolean afterBarrier, String outcome, Runnable reply) {
        if (afterBarrier) {
            metrics.attach(request.kind(), outcome);
            reply.run();
            return;
        }
        pending.put(request.connection(), request);
        shard.afterReadBarrier(() -> {
            if (pending.remove(request.connection(), request)) {
                decide(request, true);
            }
        });
    }

    private void grant(AttachRequest request, Session session) {
        boolean resume = request.kind() == AttachRequest.Kind.RESUME;
        if (resume && !appendAttached(request)) {
            sendMoved(request);
            return;
        }
        var previous = table.holder(session.offset());
        if (previous != null && previous.attachId() != request.attachId()) {
            writer.sendControl(previous.link(), HostMessages.superseded(previous.handle()));
        }
        var holder = new AttachedSession(
                session, request.link(), request.handle(), request.attachId(), (int) request.sequence());
        table.put(holder);
        expiry.stop(session.offset());
        metrics.attach(request.kind(), "taken");
        request.link()
                .send(
                        request.kind() == AttachRequest.Kind.OPEN
                                ? HostMessages.opened(
                                        request.handle(), session.id().text())
                                : HostMessages.attachment(request.handle()));
        if (holder.isBehind()) {
            pump.enqueue(holder);
            pump.offerPump(request.link());
        }
    }

    private boolean appendAttached(AttachRequest request) {
        var attached = Attached.newBuilder()
                .setNonce(shard.nonce())
                .setSessionOffset(request.id().offset())
                .setAttachId(request.attachId());
        if (!shard.append(
                SessionRecord.newBuilder().setAttached(attached).build().toByteArray())) {
            return false;
        }
        table.attachAppended(request.id().offset(), request.attachId());
        return true;
    }

    /// An Attached was applied, validly or as void.
    void onAttachedApplied(SessionChange.AttachedTo change) {
        var attached = change.attached();
        long offset = attached.getSessionOffset();
        boolean ours = attached.getNonce() == shard.nonce();
        if (ours) {
            table.attachApplied(offset, attached.getAttachId());
        }
        if (change.session() == null) {
            return;
        }
        table.clearReleased(offset);
        var holder = table.holder(offset);
        if (holder == null) {
            expiry.restart(offset, nanoTime.getAsLong());
        } else if (ours && holder.attachId() == attached.getAttachId()) {
            holder.beginReplay();
            if (holder.isBehind()) {
                pump.enqueue(holder);
            } else {
                pump.sendReplayDone(holder);
            }
        }
    }
}
