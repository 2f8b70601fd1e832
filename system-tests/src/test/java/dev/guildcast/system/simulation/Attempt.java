package dev.guildcast.system.simulation;

import dev.guildcast.gateway.link.LinkedSession;
import dev.guildcast.gateway.link.SessionEvents;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.link.SimulatedGateway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One connection of a client: the socket's two ends, as the gateway's line and as what has yet to reach the client.
final class Attempt implements SessionEvents {
    /// What travels to the client.
    sealed interface Item {}

    record Dispatch(int sequence, String type, byte[] data) implements Item {}

    record Resumed(int sequence) implements Item {}

    /// Op 9, not resumable.
    record Op9() implements Item {}

    /// A close after which the client resumes.
    record Close(String why) implements Item {}

    final Client client;
    final SimulatedGateway gateway;
    final int gatewayNumber;
    final long attachId;
    final boolean resume;
    final String resumes;
    final ArrayDeque<Item> socket = new ArrayDeque<>();
    /// Nonces of its op 8, and numbers of its op 3, in order.
    final List<Long> commands = new ArrayList<>();
    private final Ledger ledger;

    @Nullable
    LinkedSession line;
    /// READY or RESUMED was sent.
    boolean finished;
    /// The gateway holds it.
    boolean alive = true;
    /// The client has gone and the gateway does not know.
    boolean halfOpen;
    long halfOpenUntil;
    boolean parked;
    int resumed;
    int lastForwarded;
    long lastPresence;
    /// Another connection of its client, which the client has left, may yet turn out to be the last attach.
    boolean rivalled;

    Attempt(Client client, SimulatedGateway gateway, int gatewayNumber, long attachId, boolean resume, Ledger ledger) {
        this.client = client;
        this.gateway = gateway;
        this.gatewayNumber = gatewayNumber;
        this.attachId = attachId;
        this.resume = resume;
        this.resumes = client.sessionId;
        this.lastForwarded = client.last;
        this.ledger = ledger;
    }

    /// Whether it is the client's own, not one that the client has left.
    boolean current() {
        return client.connection == this && !halfOpen;
    }

    @Override
    public void dispatch(SharedDispatch dispatch, int sequence) {
        lastForwarded = sequence;
        socket.add(new Dispatch(sequence, dispatch.type(), dispatch.data()));
    }

    @Override
    public void ready() {
        finished = true;
    }

    @Override
    public void resumed(int sequence) {
        finished = true;
        socket.add(new Resumed(sequence));
    }

    @Override
    public void invalid() {
        ledger.onInvalid(this);
        end(new Op9());
    }

    @Override
    public void superseded() {
        ledger.onSuperseded(this);
        end(new Close("superseded"));
    }

    @Override
    public void refused(int closeCode) {
        throw new Violation("an honest client was refused with " + closeCode + ": " + this);
    }

    @Override
    public void unanswered() {
        end(resume ? new Close("unanswered") : new Op9());
    }

    @Override
    public void ownerMissing() {
        if (line != null) {
            line.detach(false);
        }
        end(new Close("no owner"));
    }

    private void end(Item last) {
        alive = false;
        socket.add(last);
    }

    @Override
    public String toString() {
        return "client " + client.number + " attach " + attachId + " of " + (resume ? resumes : "a new session")
                + " at " + lastForwarded;
    }
}
