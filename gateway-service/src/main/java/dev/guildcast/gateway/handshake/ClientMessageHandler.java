package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionState;
import dev.guildcast.gateway.connection.HeartbeatProperties;
import dev.guildcast.gateway.link.SessionHandle;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the messages of clients: limits, decodes and routes each to its handler, as the connection's state permits.
///
/// Stateless: one instance serves all connections, called on each connection's event loop.
public final class ClientMessageHandler {
    private static final Logger log = LoggerFactory.getLogger(ClientMessageHandler.class);

    private final IdentifyHandler identifyHandler;
    private final ResumeHandler resumeHandler;
    private final CommandRouter commandRouter;
    private final ConnectionMetrics metrics;
    private final String hello;
    private final int botFrameBytesMax;
    /// Also the limit of any client before it is authenticated.
    private final int userFrameBytesMax;

    ClientMessageHandler(
            IdentifyHandler identifyHandler,
            ResumeHandler resumeHandler,
            CommandRouter commandRouter,
            HeartbeatProperties heartbeat,
            CommandProperties limits,
            ConnectionMetrics metrics) {
        this.identifyHandler = identifyHandler;
        this.resumeHandler = resumeHandler;
        this.commandRouter = commandRouter;
        this.metrics = metrics;
        this.hello = "{\"heartbeat_interval\":" + heartbeat.interval().toMillis() + "}";
        this.botFrameBytesMax = limits.botFrameBytesMax();
        this.userFrameBytesMax = limits.userFrameBytesMax();
    }

    /// The socket is open: sends Hello.
    public void onOpen(Connection connection) {
        connection.send(Opcode.HELLO, hello);
    }

    /// A complete message was received, text or binary.
    public void onMessage(Connection connection, byte[] message) {
        if (connection.isClosed()) {
            return;
        }
        if (!connection.tryAcquireCommand()) {
            metrics.limited("commands");
            connection.close(CloseCode.RATE_LIMITED);
            return;
        }
        var identity = connection.identity();
        int bytesMax = identity != null && identity.bot() ? botFrameBytesMax : userFrameBytesMax;
        if (message.length > bytesMax) {
            onMessageTooLong(connection);
            return;
        }
        onPayload(connection, connection.decode(message), message.length);
    }

    /// A message was received that exceeds every limit; it was not read.
    public void onMessageTooLong(Connection connection) {
        metrics.limited("frame_size");
        connection.close(CloseCode.DECODE_ERROR);
    }

    /// A ping or pong was received.
    ///
    /// @return whether it may be answered: the connection is open and within its limit
    public boolean onControlFrame(Connection connection) {
        if (connection.isClosed()) {
            return false;
        }
        if (!connection.tryAcquireControlFrame()) {
            metrics.limited("control_frames");
            connection.close(CloseCode.RATE_LIMITED);
            return false;
        }
        return true;
    }

    /// A frame was received that violates RFC 6455.
    public void onProtocolViolation(Connection connection) {
        if (!connection.isClosed()) {
            metrics.violated("framing");
            connection.close(CloseCode.PROTOCOL_ERROR);
        }
    }

    /// A text message was received that is not UTF-8.
    public void onInvalidUtf8(Connection connection) {
        if (!connection.isClosed()) {
            metrics.violated("utf8");
            connection.close(CloseCode.DECODE_ERROR);
        }
    }

    private void onPayload(Connection connection, Payload payload, int frameBytes) {
        switch (payload) {
            case Payload.Malformed malformed -> {
                log.debug("malformed frame, closing with 4002: {}", malformed.reason());
                connection.close(CloseCode.DECODE_ERROR);
            }
            case Payload.InvalidUtf8 invalid -> onInvalidUtf8(connection);
            case Payload.Unknown unknown -> {
                log.debug("unknown op {}, closing with 4001", unknown.number());
                connection.close(CloseCode.UNKNOWN_OPCODE);
            }
            case Payload.Heartbeat heartbeat -> onHeartbeat(connection, heartbeat);
            case Payload.Identify it -> {
                if (ensureNotAuthenticated(connection)) {
                    identifyHandler.onIdentify(
                            connection, it, frameBytes > botFrameBytesMax, () -> replayDeferred(connection));
                }
            }
            case Payload.Resume it -> {
                if (ensureNotAuthenticated(connection)) {
                    resumeHandler.onResume(connection, it, () -> replayDeferred(connection));
                }
            }
            case Payload.PresenceUpdate it -> onCommand(connection, it);
            case Payload.VoiceStateUpdate it -> onCommand(connection, it);
            case Payload.RequestMembers it -> onCommand(connection, it);
            case Payload.Ignored it -> onCommand(connection, it);
        }
    }

    private static boolean ensureNotAuthenticated(Connection connection) {
        if (connection.state() == ConnectionState.CONNECTED) {
            return true;
        }
        connection.close(CloseCode.ALREADY_AUTHENTICATED);
        return false;
    }

    private static void onHeartbeat(Connection connection, Payload.Heartbeat heartbeat) {
        var identity = connection.identity();
        if (heartbeat.qos() && identity != null && identity.bot()) {
            connection.close(CloseCode.UNKNOWN_OPCODE);
            return;
        }
        connection.onHeartbeat();
        connection.send(Opcode.HEARTBEAT_ACK, "null");
    }

    private void replayDeferred(Connection connection) {
        connection.replayDeferred(it -> onCommand(connection, it));
    }

    private void onCommand(Connection connection, Payload payload) {
        switch (connection.state()) {
            case CONNECTED -> connection.close(CloseCode.NOT_AUTHENTICATED);
            // The client is not authenticated yet.
            case AUTHENTICATING -> connection.defer(payload);
            case ATTACHING, LIVE -> {
                var identity = connection.identity();
                var session = connection.session();
                if (identity != null && session != null) {
                    route(connection, identity, session, payload);
                }
            }
            case CLOSED -> {}
        }
    }

    private void route(Connection connection, Identity identity, SessionHandle session, Payload payload) {
        switch (payload) {
            case Payload.PresenceUpdate it -> commandRouter.onPresence(connection, identity, session, it);
            case Payload.VoiceStateUpdate it -> commandRouter.onVoiceState(connection, identity, session, it);
            case Payload.RequestMembers it -> commandRouter.onRequestMembers(connection, identity, session, it);
            case Payload.Ignored it -> commandRouter.onIgnored(connection, identity, it.opcode());
            case Payload.Malformed it -> {}
            case Payload.InvalidUtf8 it -> {}
            case Payload.Unknown it -> {}
            case Payload.Heartbeat it -> {}
            case Payload.Identify it -> {}
            case Payload.Resume it -> {}
        }
    }
}
