package dev.guildcast.gateway.handshake;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionState;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.link.LinkedSession;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a client may say when, and who hears it.
///
/// Stateless: one for all connections, called on each one's loop.
public final class Handshake {
    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    private final IdentifyHandler identify;
    private final ResumeHandler resume;
    private final CommandRouter commands;
    private final GatewayMetrics metrics;
    private final LongSupplier nanos;
    private final String hello;
    private final int botFrameBytesMax;
    private final int userFrameBytesMax;

    Handshake(
            IdentifyHandler identify,
            ResumeHandler resume,
            CommandRouter commands,
            HeartbeatProperties heartbeat,
            GatewayMetrics metrics,
            LongSupplier nanos,
            int botFrameBytesMax,
            int userFrameBytesMax) {
        this.identify = identify;
        this.resume = resume;
        this.commands = commands;
        this.metrics = metrics;
        this.nanos = nanos;
        this.hello = "{\"heartbeat_interval\":" + heartbeat.interval().toMillis() + "}";
        this.botFrameBytesMax = botFrameBytesMax;
        this.userFrameBytesMax = userFrameBytesMax;
    }

    /// The socket is open.
    public void onOpen(Connection connection) {
        connection.send(Opcode.HELLO, hello);
    }

    /// A whole message has come, text or binary.
    public void onMessage(Connection connection, byte[] message) {
        if (connection.isClosed()) {
            return;
        }
        if (!connection.commands().tryTake(nanos.getAsLong())) {
            metrics.limited("commands");
            connection.close(CloseCode.RATE_LIMITED);
            return;
        }
        var who = connection.identity();
        int bytesMax = who != null && who.bot() ? botFrameBytesMax : userFrameBytesMax;
        if (message.length > bytesMax) {
            onTooLong(connection);
            return;
        }
        onPayload(connection, connection.decode(message), message.length);
    }

    /// A message has come that is longer than any may be.
    public void onTooLong(Connection connection) {
        metrics.limited("frame_size");
        connection.close(CloseCode.DECODE_ERROR);
    }

    private void onPayload(Connection connection, Payload payload, int frameBytes) {
        switch (payload) {
            case Payload.Malformed malformed -> {
                log.debug("frame refused: {}", malformed.why());
                connection.close(CloseCode.DECODE_ERROR);
            }
            case Payload.Unknown unknown -> {
                log.debug("unknown op {}", unknown.number());
                connection.close(CloseCode.UNKNOWN_OPCODE);
            }
            case Payload.Heartbeat beat -> onBeat(connection, beat);
            case Payload.Identify it -> {
                if (isFresh(connection)) {
                    identify.onIdentify(connection, it, frameBytes, () -> replay(connection), () -> replay(connection));
                }
            }
            case Payload.Resume it -> {
                if (isFresh(connection)) {
                    resume.onResume(connection, it, () -> replay(connection), () -> replay(connection));
                }
            }
            case Payload.PresenceUpdate it -> onCommand(connection, it);
            case Payload.VoiceStateUpdate it -> onCommand(connection, it);
            case Payload.RequestMembers it -> onCommand(connection, it);
            case Payload.Ignored it -> onCommand(connection, it);
        }
    }

    private static boolean isFresh(Connection connection) {
        if (connection.state() == ConnectionState.CONNECTED) {
            return true;
        }
        connection.close(CloseCode.ALREADY_AUTHENTICATED);
        return false;
    }

    private static void onBeat(Connection connection, Payload.Heartbeat beat) {
        var who = connection.identity();
        if (beat.qos() && who != null && who.bot()) {
            connection.close(CloseCode.UNKNOWN_OPCODE);
            return;
        }
        connection.onBeat();
        connection.send(Opcode.HEARTBEAT_ACK, "null");
    }

    private void replay(Connection connection) {
        connection.replayDeferred(it -> onCommand(connection, it));
    }

    private void onCommand(Connection connection, Payload payload) {
        switch (connection.state()) {
            case CONNECTED -> connection.close(CloseCode.NOT_AUTHENTICATED);
            // Whose it is is not known yet.
            case AUTHENTICATING -> connection.defer(payload);
            case ATTACHING, LIVE -> {
                var who = connection.identity();
                var session = connection.session();
                if (who != null && session != null) {
                    route(connection, who, session, payload);
                }
            }
            case CLOSED -> {}
        }
    }

    private void route(Connection connection, Identity who, LinkedSession session, Payload payload) {
        switch (payload) {
            case Payload.PresenceUpdate it -> commands.onPresence(connection, who, session, it);
            case Payload.VoiceStateUpdate it -> commands.onVoiceState(connection, who, session, it);
            case Payload.RequestMembers it -> commands.onRequestMembers(connection, who, session, it);
            case Payload.Ignored it -> commands.onIgnored(connection, who, it.opcode());
            case Payload.Malformed it -> {}
            case Payload.Unknown it -> {}
            case Payload.Heartbeat it -> {}
            case Payload.Identify it -> {}
            case Payload.Resume it -> {}
        }
    }
}
