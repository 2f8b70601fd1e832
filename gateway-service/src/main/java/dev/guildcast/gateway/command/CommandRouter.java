package dev.guildcast.gateway.command;

import dev.guildcast.gateway.Connection;
import dev.guildcast.gateway.ConnectionState;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.link.LinkedSession;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.gateway.voice.VoiceStates;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the commands of a client that has a session to where they are carried out: what changes deliveries to the
/// session's host, voice states to voice-signaling.
///
/// Stateless: one for all connections, called on each one's loop.
public final class CommandRouter {
    private static final Logger log = LoggerFactory.getLogger(CommandRouter.class);

    private final PresenceCleaner presences;
    private final VoiceStates voice;
    private final GatewayMetrics metrics;
    private final LongSupplier nanos;

    public CommandRouter(PresenceCleaner presences, VoiceStates voice, GatewayMetrics metrics, LongSupplier nanos) {
        this.presences = presences;
        this.voice = voice;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    public void onPresence(Connection connection, Identity who, LinkedSession session, Payload.PresenceUpdate update) {
        // Before it is numbered: a dropped command must leave no gap.
        if (!connection.presences().tryTake(nanos.getAsLong())) {
            metrics.limited("presence");
            return;
        }
        send(
                connection,
                session,
                Command.newBuilder().setSetPresence(presences.clean(update, who.bot() ? "web" : connection.client())));
    }

    public void onRequestMembers(
            Connection connection, Identity who, LinkedSession session, Payload.RequestMembers request) {
        if (who.bot() && request.guildIds().size() > 1) {
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

    private void send(Connection connection, LinkedSession session, Command.Builder command) {
        if (!session.command(command)) {
            log.debug("a connection has too many commands that its host has not taken");
            metrics.limited("pending_commands");
            connection.close(CloseCode.RATE_LIMITED);
        }
    }

    /// Voice belongs to a session that is there: an op 4 that comes before waits.
    public void onVoiceState(
            Connection connection, Identity who, LinkedSession session, Payload.VoiceStateUpdate update) {
        if (connection.state() == ConnectionState.LIVE) {
            voice.update(who.userId(), who.bot(), session.sessionId(), update);
        } else {
            connection.defer(update);
        }
    }

    public void onIgnored(Connection connection, Identity who, Opcode opcode) {
        if (who.bot() && opcode.sender() == Opcode.Sender.USER) {
            connection.close(CloseCode.UNKNOWN_OPCODE);
        }
    }
}
