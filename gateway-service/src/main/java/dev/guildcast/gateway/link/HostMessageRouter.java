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
/// - **Promise:** messages of one host to one session arrive in order. A batch is one task per event loop concerned.
final class HostMessageRouter {
    private static final Logger log = LoggerFactory.getLogger(HostMessageRouter.class);

    private final RemoteSessions sessions;

    HostMessageRouter(RemoteSessions sessions) {
        this.sessions = sessions;
    }

    void onMapChange() {
        sessions.forEach(session -> session.loop().execute(session::onMapChange));
    }

    void onUp(SessionHost host) {
        sessions.forEach(session -> session.loop().execute(() -> session.onHostUp(host)));
    }

    void onDown(SessionHost host) {
        sessions.forEach(session -> session.loop().execute(() -> session.onHostDown(host)));
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
            case HELLO, MESSAGE_NOT_SET ->
                log.debug("host {} sent a message that this gateway does not know; it is ignored", host.address());
        }
    }

    private void runOnLoop(long handle, Consumer<RemoteSession> action) {
        var session = sessions.find(handle);
        if (session != null) {
            session.loop().execute(() -> action.accept(session));
        }
    }

    /// Without handles, all sessions of the shard have moved.
    private void onMoved(SessionHost host, Moved moved) {
        if (moved.getHandlesCount() > 0) {
            moved.getHandlesList().forEach(handle -> runOnLoop(handle, session -> session.onMoved(host)));
        } else {
            sessions.forEachOfShard(moved.getShard(), session -> session.loop().execute(() -> session.onMoved(host)));
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
            entries.forEach(it -> it.session.onDispatch(host, it.dispatch, it.sequence));
            if (pendingLoops.decrementAndGet() == 0) {
                host.returnCredit(batch.getCharge());
            }
        }));
    }

    private record DispatchEntry(RemoteSession session, SharedDispatch dispatch, int sequence) {}
}
