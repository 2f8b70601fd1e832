package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.PayloadCodec;
import dev.guildcast.gateway.link.SessionHandle;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/// One WebSocket of a client: its state and the session it is attached to.
///
/// - **Owner:** its event loop; what other threads may read is volatile and marked "from any thread".
/// - **Bound:** frames that its socket holds by [SlowConsumerPolicy], payloads deferred until it is authenticated by
///   the command limit.
/// - **Promise:** frames are written in the order in which they were sent; nothing is sent after a close.
public final class Connection {
    /// What the client requested in its upgrade, and the resume URL that it is given.
    ///
    /// @param version 9 or 10
    /// @param resumeUrl `resume_gateway_url` of READY
    public record Parameters(int version, String encoding, boolean transportCompression, String resumeUrl) {}

    /// Stands for a token without an end: longer than any connection lives.
    private static final Duration TOKEN_FOREVER = Duration.ofDays(3650);

    private final Socket socket;
    private final Parameters parameters;
    private final PayloadCodec codec;
    private final ConnectionLimits limits;
    private final ConnectionMetrics metrics;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Payload> deferred = new ArrayDeque<>(0);
    private final Disposable.Swap pendingAuthentication = Disposables.swap();

    private FrameCompressor compressor;
    private volatile ConnectionState state = ConnectionState.CONNECTED;
    private volatile boolean reconnectRequested;
    private volatile long lastHeartbeatNanos;
    private volatile long unauthenticatedSinceNanos;
    private volatile long tokenEndNanos;
    private @Nullable Identity identity;
    private @Nullable SessionHandle session;
    private String platform = "";
    private int sequence;
    private boolean resuming;
    private boolean tokenVerified;
    private boolean nothingSentSinceResume;

    public Connection(
            Socket socket,
            Parameters parameters,
            ConnectionCodec codec,
            ConnectionLimits limits,
            ConnectionMetrics metrics,
            LongSupplier nanoTime) {
        this.socket = socket;
        this.parameters = parameters;
        this.codec = codec.payloads();
        this.compressor = codec.compressor();
        this.limits = limits;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.lastHeartbeatNanos = nanoTime.getAsLong();
        this.unauthenticatedSinceNanos = lastHeartbeatNanos;
        this.tokenEndNanos = lastHeartbeatNanos + TOKEN_FOREVER.toNanos();
        metrics.accepted();
    }

    /// From any thread.
    public Loop loop() {
        return socket.loop();
    }

    public Parameters parameters() {
        return parameters;
    }

    /// From any thread.
    public ConnectionState state() {
        return state;
    }

    public boolean isClosed() {
        return state == ConnectionState.CLOSED;
    }

    /// The asynchronous verification of the running Identify or Resume; cancelled when the connection ends.
    public Disposable.Swap pendingAuthentication() {
        return pendingAuthentication;
    }

    /// Counts a frame of the client; false when it may not send another one now.
    public boolean tryAcquireCommand() {
        return limits.commands().tryAcquire(nanoTime.getAsLong());
    }

    /// Counts a ping or pong of the client; false when it may not send another one now.
    public boolean tryAcquireControlFrame() {
        return limits.controlFrames().tryAcquire(nanoTime.getAsLong());
    }

    /// Counts a presence update of the client; false when it may not send another one now.
    public boolean tryAcquirePresence() {
        return limits.presences().tryAcquire(nanoTime.getAsLong());
    }

    // ---- what [ConnectionSweeper] reads, from any thread

    long lastHeartbeatNanos() {
        return lastHeartbeatNanos;
    }

    long unauthenticatedSinceNanos() {
        return unauthenticatedSinceNanos;
    }

    public void onHeartbeat() {
        lastHeartbeatNanos = nanoTime.getAsLong();
    }

    // ---- state

    /// An Identify or Resume was received and is being verified.
    public void beginAuthentication(boolean resume) {
        state = ConnectionState.AUTHENTICATING;
        resuming = resume;
        tokenVerified = false;
        nothingSentSinceResume = resume;
    }

    /// The token of the Identify or Resume was verified. Without that, a rejected one leaves the client the time to
    /// authenticate that it had: otherwise anyone could hold a socket with a Resume from time to time.
    ///
    /// @param usableFor how long the connection may live by the token; empty: without end
    public void onTokenVerified(Optional<Duration> usableFor) {
        tokenVerified = true;
        tokenEndNanos = nanoTime.getAsLong() + usableFor.orElse(TOKEN_FOREVER).toNanos();
    }

    /// Whether the right that the client's token gave has ended. From any thread.
    boolean isTokenExpired(long nowNanos) {
        return nowNanos - tokenEndNanos > 0;
    }

    /// The Identify or Resume was accepted: a request to open or attach the session is sent to its host.
    ///
    /// @param lastSequence the last sequence that the client has; 0 for a new session
    /// @param clientPlatform desktop, mobile or web; empty when it is not known, as after a Resume
    public void beginAttach(
            Identity verifiedIdentity, SessionHandle sessionHandle, int lastSequence, String clientPlatform) {
        identity = verifiedIdentity;
        platform = clientPlatform;
        session = sessionHandle;
        sequence = lastSequence;
        state = ConnectionState.ATTACHING;
    }

    public void markLive() {
        state = ConnectionState.LIVE;
    }

    /// Sends op 9, not resumable: there is no such session. The socket stays open, and the client may identify on it.
    public void invalidateSession() {
        if (isClosed()) {
            return;
        }
        sendAfterHeartbeatRequest(Opcode.INVALID_SESSION, "false");
        identity = null;
        session = null;
        sequence = 0;
        deferred.clear();
        if (tokenVerified) {
            unauthenticatedSinceNanos = nanoTime.getAsLong();
        }
        state = ConnectionState.CONNECTED;
    }

    /// Null until authenticated.
    public @Nullable Identity identity() {
        return identity;
    }

    /// Null until attaching.
    public @Nullable SessionHandle session() {
        return session;
    }

    /// The client's platform: desktop, mobile or web; empty when it is not known, as after a Resume.
    public String platform() {
        return platform;
    }

    boolean isResuming() {
        return resuming;
    }

    /// Keeps a payload that was received before the client is authenticated.
    public void defer(Payload payload) {
        deferred.add(payload);
    }

    /// Passes each deferred payload on once; one that is deferred again waits for the next call.
    public void replayDeferred(Consumer<Payload> consumer) {
        for (int remaining = deferred.size(); remaining > 0 && !isClosed(); remaining--) {
            consumer.accept(deferred.remove());
        }
    }

    // ---- outbound

    /// Replaces the compressor. Call it before the first frame that is to be compressed with the new one.
    public void compressWith(FrameCompressor next) {
        compressor.close();
        compressor = next;
    }

    public Payload decode(byte[] message) {
        return codec.decode(message);
    }

    /// Sends a frame other than a dispatch.
    ///
    /// @param data `d` as JSON
    public void send(Opcode opcode, String data) {
        send(codec.encode(opcode, data, -1));
    }

    /// Asks the client for an immediate heartbeat (op 1).
    public void requestHeartbeat() {
        send(codec.encode(Opcode.HEARTBEAT, "null", sequence));
    }

    /// Sends op 7 or op 9. If it would be the first frame after a Resume, an op 1 is sent before it: without one, a
    /// widespread client library waits forever.
    private void sendAfterHeartbeatRequest(Opcode opcode, String data) {
        if (nothingSentSinceResume) {
            requestHeartbeat();
        }
        send(opcode, data);
    }

    public void dispatch(SharedDispatch dispatch, int s) {
        sequence = s;
        // Replayed dispatches are old by nature and would distort the latency histogram.
        if (state == ConnectionState.LIVE && dispatch.publishedMillis() != 0) {
            metrics.dispatched(dispatch.publishedMillis());
        }
        send(codec.dispatch(dispatch.type(), s, dispatch.data()));
    }

    /// A dispatch without a sequence of its own, such as RESUMED.
    ///
    /// @param s the last sequence of the session
    void dispatchUnsequenced(String type, int s, byte[] data) {
        send(codec.dispatch(type, s, data));
    }

    private void send(Frame frame) {
        if (isClosed()) {
            return;
        }
        nothingSentSinceResume = false;
        socket.write(compressor.compress(frame));
        applySlowConsumerPolicy();
    }

    /// The transport has taken queued frames.
    public void onFramesDequeued() {
        if (!isClosed()) {
            applySlowConsumerPolicy();
        }
    }

    private void applySlowConsumerPolicy() {
        var sessionHandle = session;
        switch (limits.slowConsumer().onHeldBytes(socket.heldBytes(), nanoTime.getAsLong())) {
            case NONE -> {}
            case PARK -> {
                metrics.parked();
                if (sessionHandle != null) {
                    sessionHandle.park();
                }
            }
            case UNPARK -> {
                if (sessionHandle != null) {
                    sessionHandle.unpark();
                }
            }
        }
    }

    /// Whether the client has been parked for longer than it may. From any thread.
    boolean isOverdue() {
        return limits.slowConsumer().isOverdue(nanoTime.getAsLong());
    }

    /// Closes a slow client that has not caught up in time; frames that are still queued are dropped.
    void closeIfOverdue() {
        if (!isClosed() && isOverdue()) {
            socket.discardQueued();
            metrics.limited("slow_consumer");
            close(UnknownErrorReason.SLOW_CONSUMER);
        }
    }

    /// Asks the client to reconnect to another gateway and resume there; its session is kept.
    public void requestReconnect() {
        switch (state) {
            case LIVE -> send(Opcode.RECONNECT, "null");
            case ATTACHING -> {
                if (resuming) {
                    sendAfterHeartbeatRequest(Opcode.RECONNECT, "null");
                } else {
                    close(UnknownErrorReason.DRAINING);
                }
            }
            // A client that receives op 7 while its Identify is in flight hangs; one that is closed does not.
            case CONNECTED, AUTHENTICATING -> close(UnknownErrorReason.DRAINING);
            case CLOSED -> {}
        }
    }

    /// Whether a drain has asked the client to reconnect. From any thread.
    public boolean isReconnectRequested() {
        return reconnectRequested;
    }

    /// From the drain's thread.
    public void markReconnectRequested() {
        reconnectRequested = true;
    }

    // ---- end of the connection

    /// The gateway closes the connection.
    ///
    /// @param code other than 4000, which needs a reason
    public void close(CloseCode code) {
        if (code == CloseCode.UNKNOWN_ERROR) {
            close(UnknownErrorReason.UNKNOWN);
        } else if (!isClosed()) {
            metrics.closed(code);
            endAndClose(code);
        }
    }

    /// The gateway closes the connection with 4000.
    public void close(UnknownErrorReason reason) {
        if (!isClosed()) {
            metrics.closedWithUnknownError(reason);
            endAndClose(CloseCode.UNKNOWN_ERROR);
        }
    }

    private void endAndClose(CloseCode code) {
        end(!code.afterClose().sessionKept());
        socket.close(code);
    }

    /// The client has closed or dropped the connection.
    ///
    /// @param code of its close frame; negative: the socket ended without one
    public void onClientDisconnected(int code) {
        if (!isClosed()) {
            metrics.closedByClient(code);
            end(CloseCode.endsSession(code));
        }
    }

    private void end(boolean endsSession) {
        state = ConnectionState.CLOSED;
        pendingAuthentication.dispose();
        deferred.clear();
        if (session != null) {
            session.detach(endsSession);
        }
    }

    /// The socket is closed: frees what the connection still holds.
    public void release() {
        socket.discardQueued();
        compressor.close();
    }
}
