package dev.guildcast.gateway;

import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.command.FixedWindow;
import dev.guildcast.gateway.link.LinkedSession;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.outbound.OutboundQueue;
import dev.guildcast.gateway.outbound.SlowConsumerPolicy;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/// One WebSocket of a client, for as long as it lasts.
///
/// - **Owner:** its event loop; what other threads may read is volatile and said so.
/// - **Bound:** the outbound queue by [SlowConsumerPolicy], frames that wait for authentication by the command limit.
/// - **Promise:** frames leave in the order in which they were sent; nothing leaves after a close.
public final class Connection {
    /// What the upgrade said, and what the figures are for this connection.
    ///
    /// @param version 9 or 10
    /// @param resumeUrl as READY shows it
    public record Terms(int version, String encoding, boolean transportCompression, String resumeUrl) {}

    private final Loop loop;
    private final Socket socket;
    private final Terms terms;
    private final PayloadCodec codec;
    private final OutboundQueue queue;
    private final SlowConsumerPolicy slowConsumer;
    private final FixedWindow commands;
    private final FixedWindow presences;
    private final GatewayMetrics metrics;
    private final LongSupplier nanos;
    private final ArrayDeque<Payload> early = new ArrayDeque<>(0);
    private final Disposable.Swap work = Disposables.swap();

    private FrameCompressor compressor;
    private volatile ConnectionState state = ConnectionState.CONNECTED;
    private volatile boolean toldToReconnect;
    private volatile long beatAtNanos;
    private volatile long unauthenticatedSinceNanos;
    private @Nullable Identity identity;
    private @Nullable LinkedSession session;
    private String client = "";
    private int sequence;
    private boolean resuming;
    private boolean silentSinceResume;

    public Connection(
            Loop loop,
            Socket socket,
            Terms terms,
            PayloadCodec codec,
            FrameCompressor compressor,
            OutboundQueue queue,
            SlowConsumerPolicy slowConsumer,
            FixedWindow commands,
            FixedWindow presences,
            GatewayMetrics metrics,
            LongSupplier nanos) {
        this.loop = loop;
        this.socket = socket;
        this.terms = terms;
        this.codec = codec;
        this.compressor = compressor;
        this.queue = queue;
        this.slowConsumer = slowConsumer;
        this.commands = commands;
        this.presences = presences;
        this.metrics = metrics;
        this.nanos = nanos;
        this.beatAtNanos = nanos.getAsLong();
        this.unauthenticatedSinceNanos = beatAtNanos;
        metrics.accepted();
    }

    public Loop loop() {
        return loop;
    }

    public Terms terms() {
        return terms;
    }

    /// From any thread.
    public ConnectionState state() {
        return state;
    }

    public boolean isClosed() {
        return state == ConnectionState.CLOSED;
    }

    /// The work that authentication waits for; ends with the connection.
    public Disposable.Swap work() {
        return work;
    }

    public FixedWindow commands() {
        return commands;
    }

    public FixedWindow presences() {
        return presences;
    }

    // ---- what the watch reads, from any thread

    public long beatAtNanos() {
        return beatAtNanos;
    }

    public long unauthenticatedSinceNanos() {
        return unauthenticatedSinceNanos;
    }

    public void onBeat() {
        beatAtNanos = nanos.getAsLong();
    }

    // ---- state

    /// An Identify or Resume has come and is being checked.
    public void authenticating(boolean resume) {
        state = ConnectionState.AUTHENTICATING;
        resuming = resume;
        silentSinceResume = resume;
    }

    /// It was good: the session's host is being asked.
    ///
    /// @param on desktop, mobile or web; empty when it is not known
    public void attaching(Identity who, LinkedSession linked, int sequenceBefore, String on) {
        identity = who;
        client = on;
        session = linked;
        sequence = sequenceBefore;
        state = ConnectionState.ATTACHING;
    }

    public void live() {
        state = ConnectionState.LIVE;
    }

    /// It was refused, and the client may try again.
    public void unauthenticated() {
        identity = null;
        session = null;
        sequence = 0;
        early.clear();
        unauthenticatedSinceNanos = nanos.getAsLong();
        state = ConnectionState.CONNECTED;
    }

    /// Null until authenticated.
    public @Nullable Identity identity() {
        return identity;
    }

    /// Null until attaching.
    public @Nullable LinkedSession session() {
        return session;
    }

    /// What the client runs on: desktop, mobile or web; empty when this connection has not heard.
    public String client() {
        return client;
    }

    public boolean isResuming() {
        return resuming;
    }

    /// Keeps what a client says before it is known who it is.
    public void defer(Payload payload) {
        early.add(payload);
    }

    /// Gives each deferred payload once; one that is deferred again waits for the next time.
    public void replayDeferred(Consumer<Payload> consumer) {
        for (int left = early.size(); left > 0 && !isClosed(); left--) {
            consumer.accept(early.remove());
        }
    }

    // ---- out

    /// Frames after READY are compressed one by one. Before the first that should be.
    public void compressWith(FrameCompressor next) {
        compressor.close();
        compressor = next;
    }

    public Payload decode(byte[] message) {
        return codec.decode(message);
    }

    /// A frame that is no dispatch.
    ///
    /// @param data `d` as JSON
    public void send(Opcode opcode, String data) {
        send(codec.encode(opcode, data, -1));
    }

    /// Asks the client for a heartbeat.
    public void requestBeat() {
        send(codec.encode(Opcode.HEARTBEAT, "null", sequence));
    }

    /// Op 7 or op 9. As the first frame after a Resume it is led in by an op 1, without which a widespread library
    /// waits for ever.
    public void sendWithLeadIn(Opcode opcode, String data) {
        if (silentSinceResume) {
            requestBeat();
        }
        send(opcode, data);
    }

    public void dispatch(SharedDispatch dispatch, int s) {
        sequence = s;
        // What a Resume missed is old: it says nothing about how fast events travel.
        if (state == ConnectionState.LIVE && dispatch.publishedMillis() != 0) {
            metrics.dispatched(dispatch.publishedMillis());
        }
        send(codec.dispatch(dispatch.type(), s, dispatch.data()));
    }

    /// A dispatch that takes no number of its own.
    public void dispatchUnnumbered(String type, int s, byte[] data) {
        send(codec.dispatch(type, s, data));
    }

    private void send(Frame frame) {
        if (isClosed()) {
            return;
        }
        silentSinceResume = false;
        queue.add(compressor.compress(frame));
        socket.flush();
        watchHeld();
    }

    /// The socket has taken frames.
    public void onTaken() {
        if (!isClosed()) {
            watchHeld();
        }
    }

    private void watchHeld() {
        var linked = session;
        switch (slowConsumer.onHeld(queue.heldBytes(), nanos.getAsLong())) {
            case NONE -> {}
            case PARK -> {
                metrics.parked();
                if (linked != null) {
                    linked.park();
                }
            }
            case UNPARK -> {
                if (linked != null) {
                    linked.unpark();
                }
            }
        }
    }

    /// Whether the client reads too slowly, and has for too long. From any thread.
    public boolean isOverdue() {
        return slowConsumer.isOverdue(nanos.getAsLong());
    }

    /// Closes a client that has not caught up in its time.
    public void closeIfOverdue() {
        if (!isClosed() && isOverdue()) {
            queue.clear();
            metrics.limited("slow_consumer");
            close(CloseCode.UNKNOWN_ERROR);
        }
    }

    /// Sends the client elsewhere: its session stays.
    public void askToReconnect() {
        switch (state) {
            case LIVE -> send(Opcode.RECONNECT, "null");
            case ATTACHING -> {
                if (resuming) {
                    sendWithLeadIn(Opcode.RECONNECT, "null");
                } else {
                    close(CloseCode.UNKNOWN_ERROR);
                }
            }
            // An op 7 that crosses an Identify hangs a client; a close does not.
            case CONNECTED, AUTHENTICATING -> close(CloseCode.UNKNOWN_ERROR);
            case CLOSED -> {}
        }
    }

    /// Whether a drain has told the client to go. From any thread.
    public boolean toldToReconnect() {
        return toldToReconnect;
    }

    /// From the drain's thread.
    public void markToldToReconnect() {
        toldToReconnect = true;
    }

    // ---- the end

    /// The gateway ends the connection.
    public void close(CloseCode code) {
        if (!isClosed()) {
            metrics.closed(code);
            end(!code.afterClose().sessionKept());
            socket.close(code);
        }
    }

    /// The client has ended it.
    ///
    /// @param code of its close frame; negative: it just went
    public void onClientGone(int code) {
        if (!isClosed()) {
            metrics.closedByClient(code);
            end(CloseCode.endsSession(code));
        }
    }

    private void end(boolean endsSession) {
        state = ConnectionState.CLOSED;
        work.dispose();
        early.clear();
        if (session != null) {
            session.detach(endsSession);
        }
    }

    /// The socket is gone: nothing leaves any more.
    public void release() {
        queue.clear();
        compressor.close();
    }
}
