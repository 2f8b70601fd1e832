package dev.guildcast.session.attach;

import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.dispatch.SessionRecords;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.ConnectionKey;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.session.stream.LinkCloseCode;
import dev.guildcast.shard.OwnedShard;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Opens sessions for Identify: appends an Open, and grants the session once the owner has applied its own record.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the Opens in flight, one for each connection.
/// - **Promise:** one session for each request, however often and to whichever owner it is repeated.
final class OpenHandler {
    /// Discord's limit of guilds for one client shard of a bot; above it, close code 4011 requires sharding.
    private static final int GUILDS_MAX = 2500;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final Topology topology;
    private final SessionExpiry expiry;
    private final AttachHandler attachHandler;
    private final SessionCloser closer;
    private final SessionLimit limit;
    private final LongSupplier secrets;
    private final LongSupplier nanoTime;
    private final AttachMetrics metrics;
    private final Map<Long, PendingOpen> pendingOpens = new HashMap<>();

    OpenHandler(FrontendState state, AttachHandler attachHandler) {
        this.shard = state.shard();
        this.machine = state.machine();
        this.topology = state.context().topology();
        this.expiry = state.expiry();
        this.attachHandler = attachHandler;
        this.closer = state.closer();
        this.limit = new SessionLimit(machine.sessions(), state.table(), closer);
        this.secrets = state.context().secrets();
        this.nanoTime = state.context().nanoTime();
        this.metrics = state.context().metrics();
    }

    void open(GatewayLink link, OpenSession message) {
        attachHandler.cancel(link, message.getHandle());
        if (!shard.live()) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        var requested = message.getOpen();
        var existing = machine.sessions().openedBy(requested.getRequest());
        if (!isValid(requested) || existing != null && existing.userId() != requested.getUserId()) {
            link.send(HostMessages.refused(message.getHandle(), LinkCloseCode.UNKNOWN_ERROR));
        } else if (existing != null) {
            attachHandler.submit(
                    attachRequest(new PendingOpen(link, message.getHandle(), message.getSeen()), existing));
        } else if (pendingOpens.containsKey(requested.getRequest())) {
            pendingOpens.put(requested.getRequest(), new PendingOpen(link, message.getHandle(), message.getSeen()));
        } else if (requested.getBot() && guildCount(requested) > GUILDS_MAX) {
            link.send(HostMessages.refused(message.getHandle(), LinkCloseCode.SHARDING_REQUIRED));
        } else if (!limit.makeRoom(requested)) {
            link.send(HostMessages.refused(message.getHandle(), LinkCloseCode.TOO_MANY_SESSIONS));
        } else {
            append(link, message);
        }
    }

    private void append(GatewayLink link, OpenSession message) {
        var open = message.getOpen().toBuilder().setNonce(shard.nonce()).setRandom(secrets.getAsLong());
        if (!open.hasPresence()) {
            open.setPresence(Presence.newBuilder().setStatus("online"));
        }
        if (!shard.append(SessionRecord.newBuilder().setOpen(open).build().toByteArray())) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        metrics.opened();
        pendingOpens.put(open.getRequest(), new PendingOpen(link, message.getHandle(), message.getSeen()));
    }

    private boolean isValid(Open requested) {
        try {
            SessionRecords.validate(
                    SessionRecord.newBuilder().setOpen(requested).build());
        } catch (IllegalArgumentException e) {
            return false;
        }
        return topology.sessionShard(requested.getUserId()).equals(machine.shard());
    }

    private long guildCount(Open requested) {
        var clientShard = Session.clientShardOf(requested);
        long count = 0;
        for (long guild : machine.guilds(requested.getUserId())) {
            if (clientShard.includes(guild)) {
                count++;
            }
        }
        return count;
    }

    /// An Open was applied, validly, as void, or as a repeat.
    void onOpenApplied(SessionChange.Opened opened) {
        var open = opened.open();
        var openedSession = opened.session();
        if (openedSession != null) {
            expiry.restart(openedSession.offset(), nanoTime.getAsLong());
        }
        var session = machine.sessions().openedBy(open.getRequest());
        if (session == null) {
            return; // void, of a former owner: this owner's own Open is still in flight
        }
        var pendingOpen = pendingOpens.remove(open.getRequest());
        if (pendingOpen == null) {
            return;
        }
        if (pendingOpen.disconnected) {
            if (pendingOpen.endSession) {
                closer.close(session, Close.Reason.CLIENT);
            }
        } else if (!pendingOpen.link.isClosed()) {
            attachHandler.submit(attachRequest(pendingOpen, session));
        }
    }

    private static AttachRequest attachRequest(PendingOpen pendingOpen, Session session) {
        return new AttachRequest(
                new ConnectionKey(pendingOpen.link, pendingOpen.handle),
                session.id(),
                session.userId(),
                session.open().getAttachId(),
                Integer.toUnsignedLong(pendingOpen.seenSequence),
                AttachRequest.Kind.OPEN);
    }

    /// The connection has ended before its session was opened.
    void detach(GatewayLink link, long handle, boolean endSession) {
        for (var pendingOpen : pendingOpens.values()) {
            if (pendingOpen.link == link && pendingOpen.handle == handle) {
                pendingOpen.disconnected = true;
                pendingOpen.endSession = endSession;
            }
        }
    }

    void clear() {
        pendingOpens.clear();
    }

    /// Adds the links that wait for a session to be opened.
    void addPendingLinks(Collection<GatewayLink> links) {
        pendingOpens.values().forEach(pendingOpen -> links.add(pendingOpen.link));
    }

    private static final class PendingOpen {
        private final GatewayLink link;
        private final long handle;
        private final int seenSequence;
        private boolean disconnected;
        private boolean endSession;

        PendingOpen(GatewayLink link, long handle, int seenSequence) {
            this.link = link;
            this.handle = handle;
            this.seenSequence = seenSequence;
        }
    }
}
