package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import java.util.function.Consumer;

/// The session of one connection, as the gateway sees it: attaches to the owner of the session's shard and follows it
/// when ownership changes.
///
/// Model. It deals with one host at a time: it *requests* to be attached, then is *attached*. Dispatches are accepted
/// from any host, because the old and the new owner assign the same sequences to the same events: the next sequence is
/// forwarded, a lower one is a duplicate, and a higher one from the current host means that dispatches were lost, so
/// that it attaches again from its last sequence. A message that ends the session is accepted from the current host
/// only.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** `commandsMax` commands; no dispatch is buffered.
/// - **Promise:** [SessionListener] receives consecutive sequences, starting after the client's; RESUMED or READY is
///   reported once; no event follows one that ends the session.
final class RemoteSession implements SessionHandle {
    private final SessionKey key;
    private final SessionStart start;
    private final GatewayMessageFactory messages;
    private final Loop loop;
    private final SessionHosts hosts;
    private final OwnerSearch search;
    private final SessionListener listener;
    private final AttachTimers timers;
    private final LinkMetrics metrics;
    private final PendingCommands pendingCommands;

    private String sessionId;
    private int lastSequence;
    private boolean established;
    private AttachPhase phase = AttachPhase.RESOLVING;
    /// The host may hold this connection though no request of it is under way.
    private boolean mayBeHeld;
    private boolean detaching;
    private boolean endsSession;

    RemoteSession(SessionKey key, SessionStart start, Loop loop, SessionListener listener, LinkContext context) {
        this.key = key;
        this.start = start;
        this.sessionId = start.sessionId();
        this.lastSequence = start.lastSequence();
        this.messages = new GatewayMessageFactory(key);
        this.loop = loop;
        this.hosts = context.hosts();
        this.listener = listener;
        this.metrics = context.metrics();
        this.pendingCommands = new PendingCommands(context.properties().commandsMax());
        this.timers = new AttachTimers(
                loop, context.properties(), this::attachToOwner, this::onOwnerDeadline, this::onUnreachable);
        this.search = new OwnerSearch(key.shard(), context, timers);
    }

    long handle() {
        return key.handle();
    }

    int shard() {
        return key.shard();
    }

    Loop loop() {
        return loop;
    }

    /// Looks up the owner in the shard map and requests to be attached.
    void attachToOwner() {
        if (!phase.isActive()) {
            return;
        }
        timers.startOwnerDeadline(established && !detaching);
        timers.cancelAttach();
        phase = AttachPhase.RESOLVING;
        var owner = search.turnToOwner();
        if (owner == null) {
            return; // The next change of the map starts another attempt.
        }
        if (owner.offer(
                established ? messages.reattach(sessionId, lastSequence) : messages.start(start, lastSequence))) {
            phase = AttachPhase.ATTACHING;
            timers.scheduleResponseTimeout();
        } else if (owner.isSilent()) {
            startUnreachableDeadline();
        }
    }

    void onMapChange() {
        if (!phase.isActive() || !search.hasOwner()) {
            return; // Without an owner the current host may still serve the session.
        }
        if (phase == AttachPhase.RESOLVING || !search.isHostCurrentOrNewer()) {
            attachToOwner();
        }
    }

    void onHostUp(SessionHost up) {
        if (phase == AttachPhase.RESOLVING && search.isCurrent(up)) {
            attachToOwner();
        }
    }

    void onHostDown(SessionHost down) {
        if (!search.isCurrent(down) || !phase.isActive()) {
            return;
        }
        if (phase != AttachPhase.RESOLVING) {
            metrics.broken();
            lose();
            timers.cancelAttach();
            if (search.hasOwnerOtherThan(down)) {
                attachToOwner();
                return;
            }
        }
        if (down.isSilent()) {
            startUnreachableDeadline();
        } else {
            search.onHostAnswers();
        }
    }

    /// The session is not attached any more, or its request will not be answered.
    private void lose() {
        if (phase == AttachPhase.ATTACHED && established) {
            search.onLost();
        }
        phase = AttachPhase.RESOLVING;
        mayBeHeld = false;
        timers.startOwnerDeadline(established && !detaching);
    }

    /// The loop of the session's shard does not answer, though its host does. If the shard has no other owner, the
    /// request waits for the loop.
    void onShardSilent(SessionHost from) {
        if (search.isCurrent(from) && phase.isWithHost()) {
            lose();
            attachToOwner();
            if (search.isCurrent(from)) {
                startUnreachableDeadline();
            }
        }
    }

    private void startUnreachableDeadline() {
        if (established && !detaching) {
            timers.startUnreachableDeadline();
        }
    }

    private void onUnreachable() {
        if (search.isOwnerUnreachable()) {
            metrics.unreachable();
            listener.onOwnerMissing();
        }
    }

    private void onOwnerDeadline() {
        if (detaching) {
            end();
        } else if (established) {
            metrics.ownerMissing();
            listener.onOwnerMissing();
        } else {
            endWith(SessionListener::onUnanswered);
        }
    }

    // ---- messages of hosts

    void onOpened(SessionHost from, String id) {
        if (phase != AttachPhase.ENDED && search.isCurrent(from)) {
            sessionId = id;
            onAttached(from);
        }
    }

    void onAttached(SessionHost from) {
        if (!search.isCurrent(from) || !phase.isActive()) {
            return;
        }
        phase = AttachPhase.ATTACHED;
        mayBeHeld = false;
        search.onAttached();
        if (detaching) {
            from.offer(messages.detach(sessionId, endsSession));
            end();
        } else if (established) {
            sendPendingCommands();
        }
    }

    void onDispatch(SessionHost from, SharedDispatch dispatch, int sequence) {
        if (!phase.isActive() || detaching) {
            return;
        }
        if (sequence <= lastSequence) {
            metrics.repeat();
            return;
        }
        if (sequence > lastSequence + 1 || sessionId.isEmpty()) {
            metrics.gap();
            if (phase == AttachPhase.ATTACHED && search.isCurrent(from)) {
                attachToOwner();
            }
            return;
        }
        lastSequence = sequence;
        boolean ready = start.isNew() && !established;
        established |= ready;
        listener.onDispatch(dispatch, sequence);
        if (ready && phase != AttachPhase.ENDED) {
            listener.onReady();
            sendPendingCommands();
        }
    }

    /// @param sequence the last of the replay; if it has not arrived, the replay is incomplete and is requested again
    void onReplayDone(int sequence) {
        if (phase == AttachPhase.ENDED || detaching || established || start.isNew() || lastSequence < sequence) {
            return;
        }
        established = true;
        listener.onResumed(lastSequence);
        sendPendingCommands();
    }

    void onCommandAck(long number) {
        pendingCommands.onAck(number);
    }

    void onRetry(SessionHost from) {
        if (search.isCurrent(from) && phase.isWithHost()) {
            metrics.retry();
            boolean held = phase == AttachPhase.ATTACHED;
            lose();
            mayBeHeld = held;
            search.onHostAnswers();
            timers.scheduleRetry();
        }
    }

    /// The host has stopped the push.
    void onParked(SessionHost from) {
        onRetry(from);
        mayBeHeld = false;
    }

    void onMoved(SessionHost from) {
        if (!search.isCurrent(from) || !phase.isWithHost()) {
            return;
        }
        metrics.moved();
        lose();
        search.onHostAnswers();
        if (search.hasOwnerOtherThan(from)) {
            attachToOwner();
        } else {
            timers.scheduleRetry();
        }
    }

    void onRefused(SessionHost from, int closeCode) {
        onRejection(from, it -> it.onRefused(closeCode));
    }

    void onInvalid(SessionHost from) {
        onRejection(from, SessionListener::onInvalid);
    }

    void onSuperseded(SessionHost from) {
        onRejection(from, SessionListener::onSuperseded);
    }

    private void onRejection(SessionHost from, Consumer<SessionListener> event) {
        if (phase == AttachPhase.ENDED) {
            return;
        }
        if (!search.isCurrent(from) || phase == AttachPhase.RESOLVING) {
            metrics.staleRejection();
            return;
        }
        endWith(event);
    }

    // ---- calls of the connection

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public boolean sendCommand(Command.Builder command) {
        if (phase == AttachPhase.ENDED) {
            return true;
        }
        if (pendingCommands.isFull()) {
            return false;
        }
        var pendingCommand = pendingCommands.add(messages.addressed(command));
        if (established && phase.isAttached()) {
            send(messages.command(pendingCommand, sessionId));
        }
        return true;
    }

    private void sendPendingCommands() {
        if (phase.isAttached()) {
            pendingCommands.forEach(each -> send(messages.command(each, sessionId)));
        }
    }

    @Override
    public void detach(boolean endSession) {
        if (phase == AttachPhase.ENDED) {
            return;
        }
        endsSession = endSession;
        var currentHost = search.host();
        boolean hostKnowsConnection =
                phase.isAttached() || (phase == AttachPhase.ATTACHING || mayBeHeld) && !endSession;
        if (hostKnowsConnection && !sessionId.isEmpty() && currentHost != null && currentHost.isUp()) {
            currentHost.offer(messages.detach(sessionId, endsSession));
            end();
        } else if (endSession || sessionId.isEmpty()) {
            // No host could process the detach now: it is sent once an owner has attached the session.
            detaching = true;
            if (phase == AttachPhase.PARKED) {
                phase = AttachPhase.RESOLVING;
                attachToOwner();
            } else {
                timers.startOwnerDeadline(established && !detaching);
            }
        } else {
            end();
        }
    }

    @Override
    public void park() {
        if (!phase.isActive()) {
            return;
        }
        if (phase != AttachPhase.RESOLVING) {
            send(messages.park());
        }
        phase = AttachPhase.PARKED;
        timers.cancelAll();
    }

    @Override
    public void unpark() {
        if (phase == AttachPhase.PARKED) {
            metrics.unparked();
            phase = AttachPhase.RESOLVING;
            attachToOwner();
        }
    }

    private void send(GatewayMessage message) {
        var currentHost = search.host();
        if (currentHost != null) {
            currentHost.offer(message);
        }
    }

    /// The handling of a message has thrown: what its client has received is unknown. It is closed and resumes from
    /// what it has.
    void fail() {
        if (phase == AttachPhase.ENDED) {
            return;
        }
        metrics.failure();
        try {
            listener.onFailed();
        } finally {
            detach(false);
        }
    }

    private void endWith(Consumer<SessionListener> event) {
        boolean clientConnected = !detaching;
        end();
        if (clientConnected) {
            event.accept(listener);
        }
    }

    private void end() {
        phase = AttachPhase.ENDED;
        timers.cancelAll();
        hosts.remove(key.handle());
    }
}
