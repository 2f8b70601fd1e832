package dev.guildcast.voice.call;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import dev.guildcast.voice.protocol.VoiceCommand;
import dev.guildcast.voice.protocol.VoiceCommand.BackendVersion;
import dev.guildcast.voice.protocol.VoiceCommand.Heartbeat;
import dev.guildcast.voice.protocol.VoiceCommand.Identify;
import dev.guildcast.voice.protocol.VoiceCommand.Ignored;
import dev.guildcast.voice.protocol.VoiceCommand.Rejected;
import dev.guildcast.voice.protocol.VoiceCommand.Resume;
import dev.guildcast.voice.protocol.VoiceCommand.SelectProtocol;
import dev.guildcast.voice.protocol.VoiceCommand.Speaking;
import dev.guildcast.voice.protocol.VoiceCommand.Video;
import dev.guildcast.voice.protocol.VoiceCommandParser;
import dev.guildcast.voice.protocol.VoiceMessages;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The voice gateway: what clients send goes in here, and what happens to users in voice.
///
/// - **Owner:** the voice loop.
/// - **Bound:** the connections that the socket layer lets in.
/// - **Promise:** a user who has left the channel, by whatever cause, has no session and no media when [#onLeft]
///   returns and the voice server has carried out its orders.
public final class VoiceGateway {
    /// Between sweeps over all sessions and connections.
    private static final long SWEEP_NANOS = Duration.ofMillis(250).toNanos();

    private final LongSupplier nanoTime;
    private final VoiceGatewayProperties properties;
    private final VoiceAdmission admission;
    private final VoiceSessions sessions = new VoiceSessions();
    private final Set<VoiceConnection> connections = new LinkedHashSet<>();
    private final RoomPlacement placement;
    private final RoomAnnouncer announcer;
    private final SessionHandler handler;
    private final VoiceGatewayMetrics metrics;
    private long sweptNanos;

    public VoiceGateway(
            VoiceLoop loop,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            MediaServers servers,
            VoiceGatewayProperties properties,
            VoiceGatewayMetrics metrics) {
        this.nanoTime = loop.nanoTime();
        this.properties = properties;
        this.metrics = metrics;
        this.admission = new VoiceAdmission(loop, roster, registry);
        this.placement = new RoomPlacement(servers, sessions, new SecureRandom());
        this.announcer = new RoomAnnouncer(sessions);
        this.handler = new SessionHandler(
                loop,
                admission,
                servers,
                properties,
                new SessionHandler.Parts(sessions, placement, announcer, metrics));
        this.sweptNanos = nanoTime.getAsLong();
        metrics.register(connections, sessions);
    }

    /// A client has connected.
    ///
    /// @param version of the protocol
    public VoiceConnection onOpened(VoiceSocket socket, int version) {
        var connection = new VoiceConnection(socket, version, properties.framesPerMinute(), metrics);
        connection.onOpened(nanoTime.getAsLong());
        connections.add(connection);
        connection
                .socket()
                .send(VoiceMessages.hello(
                        connection.version(), properties.heartbeatInterval().toMillis()));
        return connection;
    }

    public void onText(VoiceConnection connection, byte[] text) {
        onFrame(connection, text, false);
    }

    public void onBinary(VoiceConnection connection, byte[] frame) {
        onFrame(connection, frame, true);
    }

    /// A frame was too long, or no valid text.
    public void onUndecodable(VoiceConnection connection) {
        connection.close(VoiceCloseCode.DECODE_ERROR);
    }

    /// The socket is gone; its session waits to be resumed.
    public void onClosed(VoiceConnection connection) {
        connection.onClosed();
        connections.remove(connection);
        connection
                .session()
                .filter(session ->
                        session.connection().filter(connection::equals).isPresent())
                .ifPresent(session -> session.detach(nanoTime.getAsLong()));
    }

    /// Whether the user has a voice socket with this session, and media where the guild's is.
    public boolean hasSocket(long guild, long user, String sessionId) {
        return sessions.of(guild, user)
                .filter(session -> session.state().sessionId().equals(sessionId))
                .filter(session -> session.connection().isPresent())
                .filter(session -> admission.placeOf(guild).equals(session.place()))
                .isPresent();
    }

    /// The user has left the channel or is about to: moved, disconnected, session closed.
    public void onLeft(VoiceState state) {
        sessions.of(state.guild(), state.user())
                .filter(session -> session.state().sessionId().equals(state.sessionId()))
                .ifPresent(session -> handler.end(session, VoiceCloseCode.DISCONNECTED));
    }

    /// The user's state has changed: what moderators decided holds at the voice server from now on, and a session in
    /// another channel ends.
    public void onState(VoiceState state) {
        var current = sessions.of(state.guild(), state.user());
        current.filter(session -> session.channel() != state.channel()
                        || !session.state().sessionId().equals(state.sessionId()))
                .ifPresent(session -> handler.end(session, VoiceCloseCode.DISCONNECTED));
        current.filter(session -> !session.isEnded()).ifPresent(session -> {
            boolean changed =
                    session.state().mute() != state.mute() || session.state().deaf() != state.deaf();
            session.setState(state);
            if (changed) {
                placement.updateFlags(session);
            }
        });
    }

    /// A voice server has opened another stream: orders may have been lost between the two.
    public void onRegistered(String serverId) {
        sessions.all().stream()
                .filter(session -> session.place().serverId().equals(serverId))
                .forEach(placement::updateFlags);
    }

    /// Closes what has timed out; called several times a second.
    public void onTick() {
        long nowNanos = nanoTime.getAsLong();
        if (nowNanos - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = nowNanos;
        long beatNanos = properties.heartbeatInterval().toNanos() * 3 / 2;
        for (VoiceConnection connection : List.copyOf(connections)) {
            if (nowNanos - connection.beatNanos() >= beatNanos) {
                connection.close(VoiceCloseCode.SESSION_TIMEOUT);
            } else if (connection.session().isEmpty()
                    && nowNanos - connection.openedNanos()
                            >= properties.identifyWithin().toNanos()) {
                connection.close(VoiceCloseCode.NOT_AUTHENTICATED);
            }
        }
        for (VoiceSession session : sessions.all()) {
            boolean isStale = !admission.isCurrent(session.guild(), session.place());
            if (session.onStaleness(isStale, nowNanos)
                                    >= properties.staleAfter().toNanos()
                            && isStale
                    || session.isDetachedFor(properties.resumeWindow().toNanos(), nowNanos)) {
                handler.end(session, VoiceCloseCode.SESSION_INVALID);
            }
        }
    }

    private void onFrame(VoiceConnection connection, byte[] frame, boolean isBinary) {
        if (connection.isClosed()) {
            return;
        }
        if (!connection.onFrame(nanoTime.getAsLong())) {
            connection.close(VoiceCloseCode.RATE_LIMITED);
            return;
        }
        onCommand(connection, isBinary ? VoiceCommandParser.parseBinary(frame) : VoiceCommandParser.parse(frame));
    }

    private void onCommand(VoiceConnection connection, VoiceCommand command) {
        switch (command) {
            case Rejected rejected -> connection.close(rejected.code());
            case Heartbeat heartbeat -> onHeartbeat(connection, heartbeat);
            case Identify identify -> {
                if (isFirst(connection)) {
                    handler.onIdentify(connection, identify);
                }
            }
            case Resume resume -> {
                if (isFirst(connection)) {
                    handler.onResume(connection, resume);
                }
            }
            case SelectProtocol select -> inSession(connection, session -> handler.onSelectProtocol(session, select));
            case Speaking speaking ->
                inSession(connection, session -> onSpeaking(session, speaking.flags(), speaking.ssrc()));
            case Video video -> inSession(connection, session -> onVideo(connection, session, video));
            case BackendVersion ignored ->
                inSession(connection, session -> connection.socket().send(VoiceMessages.backendVersion()));
            case Ignored ignored -> inSession(connection, session -> {});
        }
    }

    /// A connection without a session that has its Ready may send nothing else.
    private static void inSession(VoiceConnection connection, Consumer<VoiceSession> command) {
        connection
                .session()
                .filter(session -> !session.ssrcs().isEmpty())
                .ifPresentOrElse(command, () -> connection.close(VoiceCloseCode.NOT_AUTHENTICATED));
    }

    private static boolean isFirst(VoiceConnection connection) {
        if (connection.isIdentifying()) {
            connection.close(VoiceCloseCode.ALREADY_AUTHENTICATED);
            return false;
        }
        connection.setIdentifying();
        return true;
    }

    private void onHeartbeat(VoiceConnection connection, Heartbeat heartbeat) {
        connection.onBeat(nanoTime.getAsLong());
        connection.socket().send(VoiceMessages.heartbeatAck(heartbeat));
        connection.session().ifPresent(session -> session.replay().onAcknowledged(heartbeat.seqAck()));
    }

    private void onVideo(VoiceConnection connection, VoiceSession session, Video video) {
        // Some clients send one without any stream before they have theirs.
        if (video.audioSsrc() == 0 || video.audioSsrc() == session.ssrc()) {
            session.onVideo(video.d());
            announcer.onVideo(session);
        } else {
            connection.close(VoiceCloseCode.BAD_REQUEST);
        }
    }

    private void onSpeaking(VoiceSession session, int flags, int ssrc) {
        if (ssrc != 0 && ssrc != session.ssrc()) {
            session.connection().ifPresent(connection -> connection.close(VoiceCloseCode.BAD_REQUEST));
            return;
        }
        boolean first = !session.isAnnounced();
        session.onSpeaking(flags);
        // The others first: packets are passed on only when they can be attributed.
        announcer.onSpeaking(session);
        if (first) {
            placement.updateFlags(session);
        }
    }
}
