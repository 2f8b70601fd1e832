package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.DispatchBatch;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.Moved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Routes each message of a session host, and each change of a stream or of the shard map, to the event loops of the
/// sessions that it concerns.
///
/// - **Owner:** none: stateless. Called from gRPC's threads and the shard map's listener, for one host by one thread at
///   a time.
/// - **Bound:** queues nothing; what a host sends is bounded by credit, which is returned once it was processed.
/// - **Promise:** messages of one host to one session arrive in order. A batch is one task per event loop concerned. A
///   session that throws costs its own connection: neither other sessions nor the credit.
final class HostMessageRouter {
    private static final Logger log = LoggerFactory.getLogger(HostMessageRouter.class);

    private final RemoteSessions sessions;

    HostMessageRouter(RemoteSessions sessions) {
        this.sessions = sessions;
    }

    void onMapChange() {
        sessions.forEach(session -> runOnLoop(session, RemoteSession::onMapChange));
    }

    void onUp(SessionHost host) {
        sessions.forEach(session -> runOnLoop(session, it -> it.onHostUp(host)));
    }

    void onDown(SessionHost host) {
        sessions.forEach(session -> runOnLoop(session, it -> it.onHostDown(host)));
    }

    /// The loop of a session shard on this host does not answer.
    void onShardSilent(SessionHost host, int shard) {
        sessions.forEachOfShard(shard, session -> runOnLoop(session, it -> it.onShardSilent(host)));
    }

    void onMessage(SessionHost host, HostMessage message) {
        switch (message.getMessageCase()) {
            case BATCH -> onBatch(host, message.getBatch());
            case OPENED ->
                runOnLoop(
                        message.getOpened().getHandle(),
                        session -> session.onOpened(host, message.getOpened().getSessionId()));
            case ATTACHMENT -> runOnLoop(message.getAttachment().getHandle(), session -> session.onAttached(host));
            case REFUSED ->
                runOnLoop(
                        message.getRefused().getHandle(),
                        session -> session.onRefused(host, message.getRefused().getCloseCode()));
            case REPLAY_DONE ->
                runOnLoop(
                        message.getReplayDone().getHandle(),
                        session -> session.onReplayDone(message.getReplayDone().getSequence()));
            case COMMAND_ACK ->
                runOnLoop(
                        message.getCommandAck().getHandle(),
                        session -> session.onCommandAck(message.getCommandAck().getNumber()));
            case RETRY -> runOnLoop(message.getRetry().getHandle(), session -> session.onRetry(host));
            case INVALID -> runOnLoop(message.getInvalid().getHandle(), session -> session.onInvalid(host));
            case SUPERSEDED -> runOnLoop(message.getSuperseded().getHandle(), session -> session.onSuperseded(host));
            case CLOSED -> runOnLoop(message.getClosed().getHandle(), session -> session.onInvalid(host));
            case PARKED -> runOnLoop(message.getParked().getHandle(), session -> session.onParked(host));
            case MOVED -> onMoved(host, message.getMoved());
            case HELLO, PONG, MESSAGE_NOT_SET ->
                log.debug("host {} sent a message that this gateway does not know; it is ignored", host.address());
        }
    }

    private void runOnLoop(long handle, Consumer<RemoteSession> action) {
        var session = sessions.find(handle);
        if (session != null) {
            runOnLoop(session, action);
        }
    }

    private static void runOnLoop(RemoteSession session, Consumer<RemoteSession> action) {
        session.loop().execute(() -> runGuarded(session, action));
    }

    /// Errors too: an event that is too large for the memory left must not cost the others theirs.
    private static void runGuarded(RemoteSession session, Consumer<RemoteSession> action) {
        try {
            action.accept(session);
        } catch (RuntimeException | Error e) {
            log.error("a bug stopped the handling of a session's message; its client is closed, and resumes", e);
            failGuarded(session);
        }
    }

    private static void failGuarded(RemoteSession session) {
        try {
            session.fail();
        } catch (RuntimeException | Error e) {
            log.error("the connection of a session that had failed could not be closed in order", e);
        }
    }

    /// Without handles, all sessions of the shard have moved.
    private void onMoved(SessionHost host, Moved moved) {
        if (moved.getHandlesCount() > 0) {
            moved.getHandlesList().forEach(handle -> runOnLoop(handle, session -> session.onMoved(host)));
        } else {
            sessions.forEachOfShard(moved.getShard(), session -> runOnLoop(session, it -> it.onMoved(host)));
        }
    }

    /// Copies each payload once and groups the dispatches by event loop. Credit is returned when the last loop is done.
    private void onBatch(SessionHost host, DispatchBatch batch) {
        Map<Loop, List<DispatchEntry>> byLoop = new HashMap<>();
        for (var dispatch : batch.getDispatchesList()) {
            var shared = new SharedDispatch(
                    dispatch.getType(), dispatch.getData().toByteArray(), dispatch.getPublishedMillis());
            int entries = Math.min(dispatch.getHandlesCount(), dispatch.getSequencesCount());
            for (int i = 0; i < entries; i++) {
                var session = sessions.find(dispatch.getHandles(i));
                if (session != null) {
                    byLoop.computeIfAbsent(session.loop(), it -> new ArrayList<>())
                            .add(new DispatchEntry(session, shared, dispatch.getSequences(i)));
                }
            }
        }
        if (byLoop.isEmpty()) {
            host.returnCredit(batch.getCharge());
            return;
        }
        var pendingLoops = new AtomicInteger(byLoop.size());
        byLoop.forEach((loop, entries) -> loop.execute(() -> {
            try {
                entries.forEach(
                        it -> runGuarded(it.session, session -> session.onDispatch(host, it.dispatch, it.sequence)));
            } finally {
                if (pendingLoops.decrementAndGet() == 0) {
                    host.returnCredit(batch.getCharge());
                }
            }
        }));
    }

    private record DispatchEntry(RemoteSession session, SharedDispatch dispatch, int sequence) {}
}
