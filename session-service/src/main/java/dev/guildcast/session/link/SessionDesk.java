package dev.guildcast.session.link;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.session.SessionExpiry;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.resume.PayloadWindow;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import java.util.LinkedHashSet;

/// All that gateways want of one shard, for one incarnation of it.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** that of its parts.
/// - **Promise:** what a gateway is told follows from what has been applied; nothing is said twice over by two hosts
///   that a gateway could mistake for the truth, as it heeds only the one it is attached to or asks.
final class SessionDesk {
    // A gap between two ticks means that this process was stopped: nobody could reach it, so nobody expires.
    private static final long TICK_GAP_NANOS = 5_000_000_000L;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final PayloadWindow window;
    private final AttachTable table = new AttachTable();
    private final BatchWriter writer = new BatchWriter();
    private final LogClock clock;
    private final Detaching detaching;
    private final CursorPump pump;
    private final Attaching attaching;
    private final Opening opening;
    private final Commands commands;
    private long lastTickNanos;

    SessionDesk(OwnedShard shard, SessionShard machine, LinkParts parts) {
        this.shard = shard;
        this.machine = machine;
        this.window = new PayloadWindow(
                parts.resume().payloadWindow(), parts.resume().payloadMemory().toBytes());
        this.clock = new LogClock(parts.nanoTime());
        var expiry = new SessionExpiry(parts.session().timeout());
        var closer = new SessionCloser(shard, table);
        this.detaching =
                new Detaching(shard, machine, table, expiry, closer, writer, parts.nanoTime(), parts.metrics());
        this.pump = new CursorPump(shard, machine, table, window, parts.reader(), writer, detaching);
        this.attaching =
                new Attaching(shard, machine, table, expiry, closer, pump, writer, parts.nanoTime(), parts.metrics());
        this.opening = new Opening(
                shard,
                machine,
                parts.topology(),
                expiry,
                attaching,
                closer,
                parts.secrets(),
                parts.nanoTime(),
                parts.metrics());
        this.commands = new Commands(shard, machine, table, clock, parts.metrics());
        this.lastTickNanos = parts.nanoTime().getAsLong();
    }

    /// Whether this host may speak for the shard.
    boolean live() {
        return shard.live();
    }

    SessionShard machine() {
        return machine;
    }

    void onOpen(GatewayLink link, OpenSession message) {
        opening.open(link, message);
    }

    void onAttach(GatewayLink link, SessionId id, Attach message) {
        attaching.ask(new Question(
                link,
                message.getHandle(),
                id,
                message.getUserId(),
                message.getAttachId(),
                Integer.toUnsignedLong(message.getSequence()),
                Question.Kind.RESUME));
    }

    void onReattach(GatewayLink link, SessionId id, Reattach message) {
        attaching.ask(new Question(
                link,
                message.getHandle(),
                id,
                message.getUserId(),
                message.getAttachId(),
                Integer.toUnsignedLong(message.getSequence()),
                message.getFinished() ? Question.Kind.FINISHED : Question.Kind.RESUME));
    }

    void onDetach(GatewayLink link, SessionId id, Detach message) {
        attaching.withdraw(link, message.getHandle());
        detaching.detach(id.offset(), message.getAttachId(), message.getEnd());
    }

    /// A connection ended that knows of no session yet.
    void onDetachUnopened(GatewayLink link, Detach message) {
        opening.detach(link, message.getHandle(), message.getEnd());
    }

    void onPark(GatewayLink link, Park message) {
        detaching.park(link, message.getHandle(), message.getAttachId());
    }

    void onCommand(GatewayLink link, SessionId id, Command message) {
        commands.command(link, id.offset(), message);
    }

    void onLinkClosed(GatewayLink link) {
        attaching.withdrawAll(link);
        pump.onLinkClosed(link);
        detaching.onLinkClosed(link);
    }

    void onApplied(SessionRecord record, RecordContext at) {
        clock.onRecord(at.timestampMillis());
        if (!machine.numbered().isEmpty()) {
            var logged = new LoggedRecord(record, at.timestampMillis());
            window.add(record, at.offset(), at.timestampMillis());
            for (var numbered : machine.numbered()) {
                pump.onNumbered(numbered, logged, at.offset());
            }
        }
        switch (record.getRecordCase()) {
            case OPEN -> opening.onOpen(record.getOpen());
            case ATTACHED -> {
                var session = machine.sessions().at(record.getAttached().getSessionOffset());
                attaching.onAttached(record.getAttached(), session != null && session.lastAttach() == at.offset());
                detaching.onAttached(record.getAttached());
            }
            case CLOSE -> {
                var closed = machine.closed();
                detaching.onClose(record.getClose(), closed != null);
                if (closed != null) {
                    commands.onClosed(closed);
                }
            }
            case SELF_DELIVER ->
                commands.onCommand(
                        record,
                        record.getSelfDeliver().getCommand(),
                        record.getSelfDeliver().getNonce());
            case SET_PRESENCE ->
                commands.onCommand(
                        record,
                        record.getSetPresence().getCommand(),
                        record.getSetPresence().getNonce());
            case REQUEST_MEMBERS ->
                commands.onCommand(
                        record,
                        record.getRequestMembers().getCommand(),
                        record.getRequestMembers().getNonce());
            case DELIVER, USER_DELIVER, MEMBER_JOINED, MEMBER_LEFT, MARKER, CLAIM, CHECKPOINTED, RECORD_NOT_SET -> {}
        }
    }

    void onBatchEnd() {
        pump.pumpAll();
    }

    void onTick(long nowNanos) {
        boolean stopped = nowNanos - lastTickNanos > TICK_GAP_NANOS;
        lastTickNanos = nowNanos;
        if (!shard.live()) {
            // Also when nobody noticed that it was live in between: who asked then waits, or holds a session here.
            leave();
            return;
        }
        if (stopped) {
            detaching.restartTimers();
        }
        detaching.onTick();
        pump.onTick();
    }

    void onLive(boolean nowLive) {
        if (nowLive) {
            detaching.restartTimers();
        } else {
            leave();
        }
    }

    /// Sends every connection of this shard to look at the map.
    void leave() {
        writer.clear();
        var links = new LinkedHashSet<GatewayLink>();
        table.holders().forEach(holder -> links.add(holder.link));
        attaching.addAskers(links);
        opening.addAskers(links);
        for (var link : links) {
            link.send(HostMessages.moved(machine.shard().index()));
        }
        table.dropAll();
        attaching.withdrawAll();
        opening.clear();
        pump.clear();
    }
}
