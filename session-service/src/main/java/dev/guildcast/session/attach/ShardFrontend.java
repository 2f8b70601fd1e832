package dev.guildcast.session.attach;

import dev.guildcast.contract.SessionId;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.session.push.BatchWriter;
import dev.guildcast.session.push.CursorPump;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.resume.PayloadWindow;
import dev.guildcast.session.resume.RecordSource;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.ConnectionKey;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.shard.OwnedShard;
import dev.guildcast.shard.RecordContext;
import java.util.LinkedHashSet;

/// Handles the messages of all gateways for one incarnation of a shard, and the shard's own callbacks.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** that of its handlers.
/// - **Promise:** every message to a gateway follows from what has been applied. Two hosts may send contradicting
///   messages, but a gateway accepts those of the host that it is attached to, or has sent a request to, only.
public final class ShardFrontend {
    /// A longer gap between two ticks, which come every 50 ms, means that this process was paused: as no client could
    /// reach it, no session expires.
    private static final long TICK_GAP_NANOS = 5_000_000_000L;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final PayloadWindow window;
    private final AttachTable table;
    private final BatchWriter writer;
    private final LogTimeEstimator clock;
    private final DetachHandler detachHandler;
    private final CursorPump pump;
    private final AttachHandler attachHandler;
    private final OpenHandler openHandler;
    private final CommandHandler commandHandler;
    private long lastTickNanos;

    ShardFrontend(OwnedShard shard, SessionShard machine, FrontendContext context) {
        var state = new FrontendState(shard, machine, context);
        this.shard = shard;
        this.machine = machine;
        this.table = state.table();
        this.writer = state.writer();
        this.window = new PayloadWindow(
                context.resume().payloadWindow(),
                context.resume().payloadMemory().toBytes());
        this.clock = new LogTimeEstimator(context.nanoTime());
        this.detachHandler = new DetachHandler(state);
        this.pump = new CursorPump(
                shard, machine, table, new RecordSource(window, context.reader()), writer, detachHandler);
        this.attachHandler = new AttachHandler(state, pump);
        this.openHandler = new OpenHandler(state, attachHandler);
        this.commandHandler = new CommandHandler(state, clock);
        this.lastTickNanos = context.nanoTime().getAsLong();
    }

    /// Whether this host may answer for the shard.
    public boolean live() {
        return shard.live();
    }

    public SessionShard machine() {
        return machine;
    }

    public void onOpen(GatewayLink link, OpenSession message) {
        openHandler.open(link, message);
    }

    public void onAttach(GatewayLink link, SessionId id, Attach message) {
        var request = new AttachRequest(
                new ConnectionKey(link, message.getHandle()),
                id,
                message.getUserId(),
                message.getAttachId(),
                Integer.toUnsignedLong(message.getSequence()),
                AttachRequest.Kind.RESUME);
        attachHandler.resume(request, message.getVersion(), message.getEncoding());
    }

    public void onReattach(GatewayLink link, SessionId id, Reattach message) {
        attachHandler.submit(new AttachRequest(
                new ConnectionKey(link, message.getHandle()),
                id,
                message.getUserId(),
                message.getAttachId(),
                Integer.toUnsignedLong(message.getSequence()),
                message.getFinished() ? AttachRequest.Kind.FINISHED : AttachRequest.Kind.RESUME));
    }

    public void onDetach(GatewayLink link, SessionId id, Detach message) {
        attachHandler.cancel(link, message.getHandle());
        detachHandler.detach(id.offset(), message.getAttachId(), message.getEnd());
    }

    /// A connection has ended to which the id of its session was not sent yet.
    public void onDetachBeforeOpened(GatewayLink link, Detach message) {
        openHandler.detach(link, message.getHandle(), message.getEnd());
    }

    public void onPark(GatewayLink link, Park message) {
        detachHandler.park(link, message.getHandle(), message.getAttachId());
    }

    public void onCommand(GatewayLink link, SessionId id, Command message) {
        commandHandler.submit(link, id.offset(), message);
    }

    public void onLinkClosed(GatewayLink link) {
        attachHandler.cancelAll(link);
        pump.onLinkClosed(link);
        detachHandler.onLinkClosed(link);
    }

    void onApplied(SessionRecord record, RecordContext at, Applied applied) {
        clock.onRecord(at.timestampMillis());
        if (!applied.dispatches().isEmpty()) {
            var logged = new LoggedRecord(record, at.timestampMillis());
            window.add(record, at.offset(), at.timestampMillis());
            for (var dispatch : applied.dispatches()) {
                pump.onSequenced(dispatch, logged, at.offset());
            }
        }
        switch (applied.change()) {
            case SessionChange.None none -> {}
            case SessionChange.Opened opened -> openHandler.onOpenApplied(opened);
            case SessionChange.AttachedTo attached -> {
                attachHandler.onAttachedApplied(attached);
                detachHandler.onAttachedApplied(attached.attached());
            }
            case SessionChange.Closed closed -> {
                detachHandler.onCloseApplied(closed);
                commandHandler.onCloseApplied(closed);
            }
            case SessionChange.OfCommand command -> commandHandler.onCommandApplied(command);
        }
    }

    void onBatchEnd() {
        pump.pumpAll();
    }

    void onTick(long nowNanos) {
        boolean processPaused = nowNanos - lastTickNanos > TICK_GAP_NANOS;
        lastTickNanos = nowNanos;
        if (!shard.live()) {
            // Also covers a short liveness that no callback reported: connections may have attached during it.
            evictConnections();
            return;
        }
        if (processPaused) {
            detachHandler.restartTimers();
        }
        detachHandler.onTick();
        pump.onTick();
    }

    void onLive(boolean nowLive) {
        if (nowLive) {
            detachHandler.restartTimers();
        } else {
            evictConnections();
        }
    }

    /// Sends Moved to every connection of this shard, which then looks up the owner in the shard map.
    void evictConnections() {
        writer.clear();
        var links = new LinkedHashSet<GatewayLink>();
        table.holders().forEach(holder -> links.add(holder.link()));
        attachHandler.addPendingLinks(links);
        openHandler.addPendingLinks(links);
        for (var link : links) {
            link.send(HostMessages.moved(machine.shard().index()));
        }
        table.removeAll();
        attachHandler.cancelAll();
        openHandler.clear();
        pump.clear();
    }
}
