package dev.guildcast.gateway.link;

import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
/// - **Promise:** [SessionListener] receives consecutive sequences, starting after the one that the client has; RESUMED
///   or READY is reported once; no event follows one that ends the session.
final class RemoteSession implements SessionHandle {
    private enum Phase {
        /// No request is under way: there is no owner, or no stream to it, or a retry is scheduled.
        RESOLVING,
        ATTACHING,
        ATTACHED,
        PARKED,
        ENDED
    }

    private final SessionKey key;
    private final SessionStart start;
    private final GatewayMessageFactory messages;
    private final Loop loop;
    private final SessionHosts hosts;
    private final SessionListener listener;
    private final AttachTimers timers;
    private final LinkMetrics metrics;
    private final PendingCommands pendingCommands;

    private String sessionId;
    private int lastSequence;
    private boolean established;
    private Phase phase = Phase.RESOLVING;
    private @Nullable SessionHost host;
    private long epoch = -1;
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
        this.timers = new AttachTimers(loop, context.properties(), this::attachToOwner, this::onOwnerDeadline);
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

    // ---- finding the owner

    /// Looks up the owner in the shard map and requests to be attached.
    void attachToOwner() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        timers.startOwnerDeadline(established && !detaching);
        timers.cancelAttach();
        phase = Phase.RESOLVING;
        var owner = hosts.owner(key.shard());
        if (owner.isEmpty()) {
            return; // The next change of the map starts another attempt.
        }
        var next = hosts.hostAt(owner.get().address());
        host = next;
        epoch = owner.get().epoch();
        if (next.offer(attachRequest())) {
            phase = Phase.ATTACHING;
            timers.scheduleResponseTimeout();
        }
    }

    /// A reattach once READY or RESUMED was sent, because the connection then holds the session; until then the
    /// original request, which is idempotent.
    private GatewayMessage attachRequest() {
        if (established) {
            return messages.reattach(sessionId, lastSequence);
        }
        return switch (start) {
            case SessionStart.IdentifyStart identify -> messages.open(identify.open(), lastSequence);
            case SessionStart.ResumeStart resume -> messages.attach(resume, lastSequence);
        };
    }

    void onMapChange() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        var owner = hosts.owner(key.shard());
        if (owner.isEmpty()) {
            return; // The current host may still serve the session.
        }
        var currentHost = host;
        if (currentHost != null
                && currentHost.isUp()
                && phase != Phase.RESOLVING
                && (currentHost.address().equals(owner.get().address())
                        || owner.get().epoch() < epoch)) {
            return;
        }
        attachToOwner();
    }

    void onHostUp(SessionHost up) {
        if (phase == Phase.RESOLVING && up == host) {
            attachToOwner();
        }
    }

    void onHostDown(SessionHost down) {
        if (down != host || phase != Phase.ATTACHING && phase != Phase.ATTACHED) {
            return;
        }
        metrics.broken();
        phase = Phase.RESOLVING;
        timers.cancelAttach();
        timers.startOwnerDeadline(established && !detaching);
        var owner = hosts.owner(key.shard());
        if (owner.isPresent() && !owner.get().address().equals(down.address())) {
            attachToOwner();
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
        if (phase != Phase.ENDED && isCurrentHost(from)) {
            sessionId = id;
            onAttached(from);
        }
    }

    void onAttached(SessionHost from) {
        if (!isCurrentHost(from) || phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        phase = Phase.ATTACHED;
        timers.cancelAll();
        if (detaching) {
            sendDetach(from);
            end();
        } else if (established) {
            pendingCommands.forEach(each -> from.offer(messages.command(each, sessionId)));
        }
    }

    void onDispatch(SessionHost from, SharedDispatch dispatch, int sequence) {
        if (phase == Phase.ENDED || phase == Phase.PARKED || detaching) {
            return;
        }
        if (sequence <= lastSequence) {
            metrics.repeat();
            return;
        }
        if (sequence > lastSequence + 1 || sessionId.isEmpty()) {
            metrics.gap();
            if (phase == Phase.ATTACHED && isCurrentHost(from)) {
                attachToOwner();
            }
            return;
        }
        lastSequence = sequence;
        boolean ready = isNew() && !established;
        established |= ready;
        listener.onDispatch(dispatch, sequence);
        if (ready && phase != Phase.ENDED) {
            listener.onReady();
            sendPendingCommands();
        }
    }

    /// @param sequence the last of the replay; if it has not arrived, the replay is incomplete and is requested again
    void onReplayDone(int sequence) {
        if (phase == Phase.ENDED || detaching || established || isNew() || lastSequence < sequence) {
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
        if (isCurrentHost(from) && (phase == Phase.ATTACHING || phase == Phase.ATTACHED)) {
            metrics.retry();
            phase = Phase.RESOLVING;
            timers.startOwnerDeadline(established && !detaching);
            timers.scheduleRetry();
        }
    }

    /// The host has stopped the push on its side.
    void onParked(SessionHost from) {
        onRetry(from);
    }

    void onMoved(SessionHost from) {
        if (!isCurrentHost(from) || phase != Phase.ATTACHING && phase != Phase.ATTACHED) {
            return;
        }
        metrics.moved();
        phase = Phase.RESOLVING;
        timers.startOwnerDeadline(established && !detaching);
        var owner = hosts.owner(key.shard());
        if (owner.isPresent() && !owner.get().address().equals(from.address())) {
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
        if (phase == Phase.ENDED) {
            return;
        }
        if (!isCurrentHost(from) || phase == Phase.RESOLVING) {
            metrics.staleRejection();
            return;
        }
        endWith(event);
    }

    /// Whether the connection opened the session: then READY establishes it, otherwise RESUMED.
    private boolean isNew() {
        return start instanceof SessionStart.IdentifyStart;
    }

    private boolean isCurrentHost(SessionHost from) {
        return from == host;
    }

    // ---- calls of the connection

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public boolean sendCommand(Command.Builder command) {
        if (phase == Phase.ENDED) {
            return true;
        }
        if (pendingCommands.isFull()) {
            return false;
        }
        var pendingCommand = pendingCommands.add(messages.addressed(command));
        if (established && (phase == Phase.ATTACHED || phase == Phase.PARKED)) {
            send(messages.command(pendingCommand, sessionId));
        }
        return true;
    }

    private void sendPendingCommands() {
        if (phase == Phase.ATTACHED || phase == Phase.PARKED) {
            pendingCommands.forEach(each -> send(messages.command(each, sessionId)));
        }
    }

    @Override
    public void detach(boolean endSession) {
        if (phase == Phase.ENDED) {
            return;
        }
        endsSession = endSession;
        var currentHost = host;
        boolean hostKnowsConnection =
                phase == Phase.ATTACHED || phase == Phase.PARKED || phase == Phase.ATTACHING && !endSession;
        if (hostKnowsConnection && !sessionId.isEmpty() && currentHost != null && currentHost.isUp()) {
            sendDetach(currentHost);
            end();
        } else if (endSession || sessionId.isEmpty()) {
            // No host could process the detach now: it is sent once an owner has attached the session.
            detaching = true;
            boolean wasParked = phase == Phase.PARKED;
            if (wasParked) {
                phase = Phase.RESOLVING;
                attachToOwner();
            } else {
                timers.startOwnerDeadline(established && !detaching);
            }
        } else {
            end();
        }
    }

    private void sendDetach(SessionHost currentHost) {
        currentHost.offer(messages.detach(sessionId, endsSession));
    }

    @Override
    public void park() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        if (phase != Phase.RESOLVING) {
            send(messages.park());
        }
        phase = Phase.PARKED;
        timers.cancelAll();
    }

    @Override
    public void unpark() {
        if (phase == Phase.PARKED) {
            metrics.unparked();
            phase = Phase.RESOLVING;
            attachToOwner();
        }
    }

    private void send(GatewayMessage message) {
        var currentHost = host;
        if (currentHost != null) {
            currentHost.offer(message);
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
        phase = Phase.ENDED;
        timers.cancelAll();
        hosts.remove(key.handle());
    }
}
