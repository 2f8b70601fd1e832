package dev.guildcast.session.link;

import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.session.Session;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.delivery.SessionRecords;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Identify: a session begins when the owner has read its own Open.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** the Opens on their way, one a connection.
/// - **Promise:** one session for each request, however often it is repeated and to whichever owner.
final class Opening {
    /// The most guilds that one client shard of a bot may have.
    private static final int GUILDS_MAX = 2500;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final Topology topology;
    private final SessionExpiry expiry;
    private final Attaching attaching;
    private final SessionCloser closer;
    private final Secrets secrets;
    private final LongSupplier nanoTime;
    private final LinkMetrics metrics;
    private final Map<Long, Pending> pending = new HashMap<>();

    Opening(
            OwnedShard shard,
            SessionShard machine,
            Topology topology,
            SessionExpiry expiry,
            Attaching attaching,
            SessionCloser closer,
            Secrets secrets,
            LongSupplier nanoTime,
            LinkMetrics metrics) {
        this.shard = shard;
        this.machine = machine;
        this.topology = topology;
        this.expiry = expiry;
        this.attaching = attaching;
        this.closer = closer;
        this.secrets = secrets;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    void open(GatewayLink link, OpenSession message) {
        attaching.withdraw(link, message.getHandle());
        if (!shard.live()) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        var asked = message.getOpen();
        var before = machine.sessions().opened(asked.getRequest());
        if (!acceptable(asked) || before != null && before.userId() != asked.getUserId()) {
            link.send(HostMessages.refused(message.getHandle(), LinkCloseCode.UNKNOWN_ERROR));
        } else if (before != null) {
            attaching.ask(question(new Pending(link, message.getHandle(), message.getSeen()), before));
        } else if (pending.containsKey(asked.getRequest())) {
            pending.put(asked.getRequest(), new Pending(link, message.getHandle(), message.getSeen()));
        } else if (asked.getBot() && guilds(asked) > GUILDS_MAX) {
            link.send(HostMessages.refused(message.getHandle(), LinkCloseCode.SHARDING_REQUIRED));
        } else {
            append(link, message);
        }
    }

    private void append(GatewayLink link, OpenSession message) {
        var open = message.getOpen().toBuilder().setNonce(shard.nonce()).setRandom(secrets.next());
        if (!open.hasPresence()) {
            open.setPresence(Presence.newBuilder().setStatus("online"));
        }
        if (!shard.append(SessionRecord.newBuilder().setOpen(open).build().toByteArray())) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        metrics.opened();
        pending.put(open.getRequest(), new Pending(link, message.getHandle(), message.getSeen()));
    }

    private boolean acceptable(Open asked) {
        try {
            SessionRecords.check(SessionRecord.newBuilder().setOpen(asked).build());
        } catch (IllegalArgumentException e) {
            return false;
        }
        return topology.sessionShard(asked.getUserId()).equals(machine.shard());
    }

    private long guilds(Open asked) {
        var clientShard = Session.clientShardOf(asked);
        long count = 0;
        for (long guild : machine.guilds(asked.getUserId())) {
            if (clientShard.holds(guild)) {
                count++;
            }
        }
        return count;
    }

    /// An Open was applied, or found void or a repeat.
    void onOpen(Open open) {
        var begun = machine.opened();
        if (begun != null) {
            expiry.restart(begun.offset(), nanoTime.getAsLong());
        }
        var session = machine.sessions().opened(open.getRequest());
        if (session == null) {
            return; // a former owner's, void: ours is still on its way
        }
        var asker = pending.remove(open.getRequest());
        if (asker == null) {
            return;
        }
        if (asker.gone) {
            if (asker.end) {
                closer.close(session, Close.Reason.CLIENT);
            }
        } else if (!asker.link.isClosed()) {
            attaching.ask(question(asker, session));
        }
    }

    private static Question question(Pending asker, Session session) {
        return new Question(
                asker.link,
                asker.handle,
                session.id(),
                session.userId(),
                session.open().getAttachId(),
                Integer.toUnsignedLong(asker.seen),
                Question.Kind.OPEN);
    }

    /// The connection has gone before its session began.
    void detach(GatewayLink link, long handle, boolean end) {
        for (var asker : pending.values()) {
            if (asker.link == link && asker.handle == handle) {
                asker.gone = true;
                asker.end = end;
            }
        }
    }

    void clear() {
        pending.clear();
    }

    /// The links that wait for a session to begin.
    void addAskers(Collection<GatewayLink> links) {
        pending.values().forEach(asker -> links.add(asker.link));
    }

    /// Where the unguessable part of session ids comes from. Must not block for long.
    interface Secrets {
        long next();
    }

    private static final class Pending {
        private final GatewayLink link;
        private final long handle;
        private final int seen;
        private boolean gone;
        private boolean end;

        Pending(GatewayLink link, long handle, int seen) {
            this.link = link;
            this.handle = handle;
            this.seen = seen;
        }
    }
}
