package dev.guildcast.gateway.command;

import dev.guildcast.gateway.connection.Connection;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.ConnectionState;
import dev.guildcast.gateway.link.SessionHandle;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.voice.VoiceStateClient;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Routes the commands of clients that have a session: presence updates and member requests to the session's host,
/// voice state updates to voice-signaling.
///
/// Stateless: one instance serves all connections, called on each connection's event loop.
public final class CommandRouter {
    private static final Logger log = LoggerFactory.getLogger(CommandRouter.class);

    private final PresenceSanitizer presenceSanitizer;
    private final VoiceStateClient voiceStates;
    private final ConnectionMetrics metrics;

    public CommandRouter(PresenceSanitizer presenceSanitizer, VoiceStateClient voiceStates, ConnectionMetrics metrics) {
        this.presenceSanitizer = presenceSanitizer;
        this.voiceStates = voiceStates;
        this.metrics = metrics;
    }

    public void onPresence(
            Connection connection, Identity identity, SessionHandle session, Payload.PresenceUpdate update) {
        // Limited before it gets a command number: a dropped command must not leave a gap.
        if (!connection.tryAcquirePresence()) {
            metrics.limited("presence");
            return;
        }
        send(
                connection,
                session,
                Command.newBuilder()
                        .setSetPresence(
                                presenceSanitizer.sanitize(update, identity.bot() ? "web" : connection.platform())));
    }

    public void onRequestMembers(
            Connection connection, Identity identity, SessionHandle session, Payload.RequestMembers request) {
        if (identity.bot() && request.guildIds().size() > 1) {
            return;
        }
        for (long guildId : request.guildIds()) {
            var members = MembersCommand.newBuilder()
                    .setGuildId(guildId)
                    .setLimit(request.limit())
                    .addAllUserIds(request.userIds())
                    .setPresences(request.presences());
            request.query().ifPresent(members::setQuery);
            request.nonce().ifPresent(members::setNonce);
            send(connection, session, Command.newBuilder().setRequestMembers(members));
        }
    }

    private void send(Connection connection, SessionHandle session, Command.Builder command) {
        if (!session.sendCommand(command)) {
            log.debug("a connection has too many commands that its host has not acknowledged; it is closed with 4008");
            metrics.limited("pending_commands");
            connection.close(CloseCode.RATE_LIMITED);
        }
    }

    /// Voice states belong to a live session: an op 4 that arrives earlier is deferred.
    public void onVoiceState(
            Connection connection, Identity identity, SessionHandle session, Payload.VoiceStateUpdate update) {
        if (connection.state() == ConnectionState.LIVE) {
            voiceStates.update(identity.userId(), identity.bot(), session.sessionId(), update);
        } else {
            connection.defer(update);
        }
    }

    public void onIgnored(Connection connection, Identity identity, Opcode opcode) {
        if (identity.bot() && opcode.sender() == Opcode.Sender.USER) {
            connection.close(CloseCode.UNKNOWN_OPCODE);
        }
    }
}
