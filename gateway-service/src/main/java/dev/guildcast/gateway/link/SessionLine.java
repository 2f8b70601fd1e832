package dev.guildcast.gateway.link;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.gateway.Loop;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection's line to the owner of its session.
///
/// Model. The line is at one host at a time: it *asks* it, then is *attached* to it. Dispatches are taken from any
/// host, because an old and a new owner say the same things under the same sequence numbers: the next number is
/// forwarded, a lower one is a repeat, a higher one from the host it is attached to means that something was lost, and
/// it asks again from what it has. What ends a session is believed only of the host that the line is at.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** `commandsMax` commands; no dispatch is held.
/// - **Promise:** sequences reach [SessionEvents] as 1, 2, 3 … from where the connection began; `resumed` and `ready`
///   come once; after an event that ends the session nothing follows.
final class SessionLine implements LinkedSession {
    private enum Phase {
        /// At no host that could answer.
        SEEKING,
        ASKING,
        ATTACHED,
        PARKED,
        ENDED
    }

    private final long handle;
    private final int shard;
    private final LineMessages says;
    private final Loop loop;
    private final Hosts hosts;
    private final SessionEvents events;
    private final LineTimers timers;
    private final LinkMetrics metrics;
    private final PendingCommands commands;
    private final @Nullable Open open;

    private String sessionId;
    private int last;
    private boolean finished;
    private Phase phase = Phase.SEEKING;
    private @Nullable Host host;
    private long epoch = -1;
    private boolean leaving;
    private boolean endsSession;

    /// @param open of an Identify; null for a Resume
    /// @param last sequence that the client has
    SessionLine(
            long handle,
            long attachId,
            long userId,
            int shard,
            @Nullable Open open,
            String sessionId,
            int last,
            Loop loop,
            Hosts hosts,
            SessionEvents events,
            LinkProperties properties,
            LinkMetrics metrics) {
        this.handle = handle;
        this.shard = shard;
        this.says = new LineMessages(handle, attachId, userId, shard);
        this.open = open;
        this.sessionId = sessionId;
        this.last = last;
        this.loop = loop;
        this.hosts = hosts;
        this.events = events;
        this.metrics = metrics;
        this.commands = new PendingCommands(properties.commandsMax());
        this.timers = new LineTimers(loop, properties, this::seek, this::onOverdue);
    }

    long handle() {
        return handle;
    }

    int shard() {
        return shard;
    }

    Loop loop() {
        return loop;
    }

    // ---- finding the owner

    /// Looks at the map and asks whoever owns the session now.
    void seek() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        timers.startOverdue(finished && !leaving);
        timers.cancelAsk();
        phase = Phase.SEEKING;
        var owner = hosts.owner(shard);
        if (owner.isEmpty()) {
            return; // The map's next change wakes every line.
        }
        var next = hosts.at(owner.get().address());
        host = next;
        epoch = owner.get().epoch();
        if (next.offer(question())) {
            phase = Phase.ASKING;
            timers.askAgain();
        }
    }

    /// Whoever has spoken for the connection, READY or RESUMED, holds the session; until then a question may be put
    /// again without doing anything twice.
    private GatewayMessage question() {
        if (finished) {
            return says.reattach(sessionId, last);
        }
        return open != null ? says.open(open, last) : says.attach(sessionId, last);
    }

    void onMapChange() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        var owner = hosts.owner(shard);
        if (owner.isEmpty()) {
            return; // Whom it is at may well go on serving.
        }
        var at = host;
        if (at != null
                && at.isUp()
                && phase != Phase.SEEKING
                && (at.address().equals(owner.get().address()) || owner.get().epoch() < epoch)) {
            return;
        }
        seek();
    }

    void onHostUp(Host up) {
        if (phase == Phase.SEEKING && up == host) {
            seek();
        }
    }

    void onHostDown(Host down) {
        if (down != host || phase != Phase.ASKING && phase != Phase.ATTACHED) {
            return;
        }
        metrics.broken();
        phase = Phase.SEEKING;
        timers.cancelAsk();
        timers.startOverdue(finished && !leaving);
        var owner = hosts.owner(shard);
        if (owner.isPresent() && !owner.get().address().equals(down.address())) {
            seek();
        }
    }

    private void onOverdue() {
        if (leaving) {
            end();
        } else if (finished) {
            metrics.ownerMissing();
            events.ownerMissing();
        } else {
            finish(SessionEvents::unanswered);
        }
    }

    // ---- what hosts say

    void onOpened(Host from, String id) {
        if (phase != Phase.ENDED && isAt(from)) {
            sessionId = id;
            onAttached(from);
        }
    }

    void onAttached(Host from) {
        if (!isAt(from) || phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        phase = Phase.ATTACHED;
        timers.cancelAll();
        if (leaving) {
            sendDetach(from);
            end();
        } else if (finished) {
            commands.forEach(each -> from.offer(says.command(each, sessionId)));
        }
    }

    void onDispatch(Host from, SharedDispatch dispatch, int sequence) {
        if (phase == Phase.ENDED || phase == Phase.PARKED || leaving) {
            return;
        }
        if (sequence <= last) {
            metrics.repeat();
            return;
        }
        if (sequence > last + 1 || sessionId.isEmpty()) {
            metrics.gap();
            if (phase == Phase.ATTACHED && isAt(from)) {
                seek();
            }
            return;
        }
        last = sequence;
        boolean ready = open != null && !finished;
        finished |= ready;
        events.dispatch(dispatch, sequence);
        if (ready && phase != Phase.ENDED) {
            events.ready();
            sendCommands();
        }
    }

    /// @param sequence the last of the replay; without it the client has not been given all, and the line asks again
    void onReplayDone(int sequence) {
        if (phase == Phase.ENDED || leaving || finished || open != null || last < sequence) {
            return;
        }
        finished = true;
        events.resumed(last);
        sendCommands();
    }

    void onAck(long number) {
        commands.onAck(number);
    }

    void onRetry(Host from) {
        if (isAt(from) && (phase == Phase.ASKING || phase == Phase.ATTACHED)) {
            metrics.retry();
            phase = Phase.SEEKING;
            timers.startOverdue(finished && !leaving);
            timers.retry();
        }
    }

    /// Pushing stopped at the host's side.
    void onParked(Host from) {
        onRetry(from);
    }

    void onMoved(Host from) {
        if (!isAt(from) || phase != Phase.ASKING && phase != Phase.ATTACHED) {
            return;
        }
        metrics.moved();
        phase = Phase.SEEKING;
        timers.startOverdue(finished && !leaving);
        var owner = hosts.owner(shard);
        if (owner.isPresent() && !owner.get().address().equals(from.address())) {
            seek();
        } else {
            timers.retry();
        }
    }

    void onRefused(Host from, int closeCode) {
        onNegative(from, it -> it.refused(closeCode));
    }

    void onInvalid(Host from) {
        onNegative(from, SessionEvents::invalid);
    }

    void onSuperseded(Host from) {
        onNegative(from, SessionEvents::superseded);
    }

    private void onNegative(Host from, Consumer<SessionEvents> answer) {
        if (phase == Phase.ENDED) {
            return;
        }
        if (!isAt(from) || phase == Phase.SEEKING) {
            metrics.staleNegative();
            return;
        }
        finish(answer);
    }

    private boolean isAt(Host from) {
        return from == host;
    }

    // ---- what the connection says

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public boolean command(Command.Builder command) {
        if (phase == Phase.ENDED) {
            return true;
        }
        if (commands.isFull()) {
            return false;
        }
        var numbered = commands.add(says.mark(command));
        if (finished && (phase == Phase.ATTACHED || phase == Phase.PARKED)) {
            send(says.command(numbered, sessionId));
        }
        return true;
    }

    private void sendCommands() {
        if (phase == Phase.ATTACHED || phase == Phase.PARKED) {
            commands.forEach(each -> send(says.command(each, sessionId)));
        }
    }

    @Override
    public void detach(boolean end) {
        if (phase == Phase.ENDED) {
            return;
        }
        endsSession = end;
        var at = host;
        boolean heard = phase == Phase.ATTACHED || phase == Phase.PARKED || phase == Phase.ASKING && !end;
        if (heard && !sessionId.isEmpty() && at != null && at.isUp()) {
            sendDetach(at);
            end();
        } else if (end || sessionId.isEmpty()) {
            // Nobody has the session in hand who could be told: hold on until someone has.
            leaving = true;
            boolean parked = phase == Phase.PARKED;
            if (parked) {
                phase = Phase.SEEKING;
                seek();
            } else {
                timers.startOverdue(finished && !leaving);
            }
        } else {
            end();
        }
    }

    private void sendDetach(Host at) {
        at.offer(says.detach(sessionId, endsSession));
    }

    @Override
    public void park() {
        if (phase == Phase.ENDED || phase == Phase.PARKED) {
            return;
        }
        if (phase != Phase.SEEKING) {
            send(says.park());
        }
        phase = Phase.PARKED;
        timers.cancelAll();
    }

    @Override
    public void unpark() {
        if (phase == Phase.PARKED) {
            metrics.unparked();
            phase = Phase.SEEKING;
            seek();
        }
    }

    private void send(GatewayMessage message) {
        var at = host;
        if (at != null) {
            at.offer(message);
        }
    }

    private void finish(Consumer<SessionEvents> answer) {
        boolean heard = !leaving;
        end();
        if (heard) {
            answer.accept(events);
        }
    }

    private void end() {
        phase = Phase.ENDED;
        timers.cancelAll();
        hosts.forget(handle);
    }
}
