package dev.guildcast.system.simulation;

import dev.guildcast.gateway.link.SessionHandle;
import dev.guildcast.gateway.link.SessionListener;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.link.SimulatedGateway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One connection of a client: the gateway's handle on the session, and the frames that have yet to reach the client.
final class ClientConnection implements SessionListener {
    /// A frame on its way to the client.
    sealed interface SocketItem {}

    record Dispatch(int sequence, String type, byte[] data) implements SocketItem {}

    record Resumed(int sequence) implements SocketItem {}

    /// Op 9, not resumable.
    record InvalidSession() implements SocketItem {}

    /// A close after which the client resumes.
    record Close(String reason) implements SocketItem {}

    final SimulatedClient client;
    final SimulatedGateway gateway;
    final int gatewayNumber;
    final long attachId;
    final boolean resume;
    final String resumedSessionId;
    final ArrayDeque<SocketItem> socket = new ArrayDeque<>();
    /// Nonces of the client's op 8, in order.
    final List<Long> commandNonces = new ArrayList<>();
    private final SessionInvariants invariants;

    @Nullable
    SessionHandle session;
    /// READY or RESUMED was sent.
    boolean established;
    /// The gateway considers it open.
    boolean alive = true;
    /// The client has disconnected and the gateway has not noticed.
    boolean halfOpen;
    long halfOpenUntil;
    boolean parked;
    int resumedCount;
    int lastForwarded;
    long lastPresenceNonce;
    /// An abandoned connection of the same client may still be applied as the last attach.
    boolean contended;

    ClientConnection(
            SimulatedClient client,
            SimulatedGateway gateway,
            int gatewayNumber,
            long attachId,
            boolean resume,
            SessionInvariants invariants) {
        this.client = client;
        this.gateway = gateway;
        this.gatewayNumber = gatewayNumber;
        this.attachId = attachId;
        this.resume = resume;
        this.resumedSessionId = client.sessionId;
        this.lastForwarded = client.lastSequence;
        this.invariants = invariants;
    }

    /// Whether the client still uses it.
    boolean isCurrent() {
        return client.connection == this && !halfOpen;
    }

    @Override
    public void onDispatch(SharedDispatch dispatch, int sequence) {
        lastForwarded = sequence;
        socket.add(new Dispatch(sequence, dispatch.type(), dispatch.data()));
    }

    @Override
    public void onReady() {
        established = true;
    }

    @Override
    public void onResumed(int sequence) {
        established = true;
        socket.add(new Resumed(sequence));
    }

    @Override
    public void onInvalid() {
        invariants.onInvalid(this);
        end(new InvalidSession());
    }

    @Override
    public void onSuperseded() {
        invariants.onSuperseded(this);
        end(new Close("superseded"));
    }

    @Override
    public void onRefused(int closeCode) {
        throw new InvariantViolation("a valid client was closed with " + closeCode + ": " + this);
    }

    @Override
    public void onUnanswered() {
        end(resume ? new Close("unanswered") : new InvalidSession());
    }

    @Override
    public void onOwnerMissing() {
        if (session != null) {
            session.detach(false);
        }
        end(new Close("no owner"));
    }

    @Override
    public void onFailed() {
        throw new InvariantViolation("the gateway's handling of a message has thrown: " + this);
    }

    private void end(SocketItem last) {
        alive = false;
        socket.add(last);
    }

    @Override
    public String toString() {
        return "client " + client.number + " attach " + attachId + " of "
                + (resume ? resumedSessionId : "a new session") + " at " + lastForwarded;
    }
}
