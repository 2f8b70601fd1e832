package dev.guildcast.voice.call;

import dev.guildcast.voice.call.VoiceAdmission.Verdict;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.media.MediaOutcome;
import dev.guildcast.voice.media.MediaServers;
import dev.guildcast.voice.protocol.EncryptionMode;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import dev.guildcast.voice.protocol.VoiceCommand.Identify;
import dev.guildcast.voice.protocol.VoiceCommand.Resume;
import dev.guildcast.voice.protocol.VoiceCommand.SelectProtocol;
import dev.guildcast.voice.protocol.VoiceMessages;
import dev.guildcast.voice.protocol.VoiceOpcode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How sessions begin, choose a mode, are resumed and end.
///
/// - **Owner:** the voice loop.
/// - **Promise:** a user has one session in a guild; an older one ends when a newer begins.
final class SessionHandler {
    private static final Logger log = LoggerFactory.getLogger(SessionHandler.class);
    private static final String NATIVE_PROTOCOL = "udp";

    private final VoiceLoop loop;
    private final VoiceAdmission admission;
    private final VoiceSessions sessions;
    private final MediaServers servers;
    private final RoomPlacement placement;
    private final VoiceGatewayProperties properties;
    private final RoomAnnouncer announcer;
    private final VoiceGatewayMetrics metrics;

    /// @param parts shared with the gateway
    SessionHandler(
            VoiceLoop loop,
            VoiceAdmission admission,
            MediaServers servers,
            VoiceGatewayProperties properties,
            Parts parts) {
        this.loop = loop;
        this.admission = admission;
        this.servers = servers;
        this.properties = properties;
        this.sessions = parts.sessions;
        this.placement = parts.placement;
        this.announcer = parts.announcer;
        this.metrics = parts.metrics;
    }

    /// What handler and gateway share.
    record Parts(
            VoiceSessions sessions, RoomPlacement placement, RoomAnnouncer announcer, VoiceGatewayMetrics metrics) {}

    void onIdentify(VoiceConnection connection, Identify identify) {
        admission
                .admit(identify)
                .subscribe(
                        verdict -> onVerdict(connection, identify, verdict),
                        // Too many tasks of the guild wait: the client begins again.
                        failure -> loop.scheduler().schedule(() -> connection.close(VoiceCloseCode.SESSION_INVALID)));
    }

    private void onVerdict(VoiceConnection connection, Identify identify, Verdict verdict) {
        if (connection.isClosed()) {
            return;
        }
        switch (verdict) {
            case Verdict.Denied denied -> connection.close(denied.code());
            case Verdict.Admitted admitted -> begin(connection, identify, admitted);
        }
    }

    private void begin(VoiceConnection connection, Identify identify, Verdict.Admitted admitted) {
        var session = new VoiceSession(
                admitted.state(),
                identify.token(),
                admitted.place(),
                identify.streams(),
                properties.replayMax().toBytes());
        sessions.put(session).ifPresent(this::endSuperseded);
        session.attach(connection);
        connection.setSession(session);
        placement.reserve(session, outcome -> onReserved(session, outcome));
    }

    private void endSuperseded(VoiceSession before) {
        before.end();
        placement.leave(before);
        close(before, VoiceCloseCode.DISCONNECTED);
    }

    private void onReserved(VoiceSession session, MediaOutcome outcome) {
        if (session.isEnded()) {
            return;
        }
        var server = servers.server(session.place().serverId());
        if (outcome != MediaOutcome.DONE || server.isEmpty()) {
            onRefused(session, outcome);
            return;
        }
        metrics.onIdentified();
        session.send(
                VoiceOpcode.READY,
                VoiceMessages.ready(
                        session.ssrcs(),
                        session.video(),
                        server.get().ip(),
                        server.get().port(),
                        properties.heartbeatInterval().toMillis()));
        announcer.onJoined(session);
    }

    void onSelectProtocol(VoiceSession session, SelectProtocol select) {
        var mode = EncryptionMode.named(select.mode());
        if (!select.protocol().equals(NATIVE_PROTOCOL)) {
            close(session, VoiceCloseCode.UNKNOWN_PROTOCOL);
        } else if (mode.isEmpty()) {
            close(session, VoiceCloseCode.UNKNOWN_ENCRYPTION);
        } else {
            byte[] key = placement.randomKey();
            placement.join(session, mode.get(), key, select.soundPayloadType(), outcome -> {
                if (!session.isEnded()) {
                    onSelected(session, outcome, mode.get(), key);
                }
                Arrays.fill(key, (byte) 0);
            });
        }
    }

    private void onSelected(VoiceSession session, MediaOutcome outcome, EncryptionMode mode, byte[] key) {
        if (outcome == MediaOutcome.DONE) {
            String mediaSession = UUID.randomUUID().toString().replace("-", "");
            session.send(VoiceOpcode.SESSION_DESCRIPTION, VoiceMessages.sessionDescription(mode, key, mediaSession));
        } else {
            onRefused(session, outcome);
        }
    }

    /// The guild has another server by now, or will have: the client begins again.
    private void onRefused(VoiceSession session, MediaOutcome outcome) {
        log.debug("a voice server did not take a session: {}", outcome);
        if (outcome == MediaOutcome.FULL || outcome == MediaOutcome.REFUSED) {
            log.warn(
                    "voice server {} did not take a user ({}): add servers, or raise its bounds",
                    session.place().serverId(),
                    outcome);
        }
        end(session, VoiceCloseCode.SESSION_INVALID);
    }

    void onResume(VoiceConnection connection, Resume resume) {
        var found = sessions.of(resume.server(), resume.sessionId());
        if (found.isEmpty() || !admission.isCurrent(resume.server(), found.get().place())) {
            connection.close(VoiceCloseCode.SESSION_INVALID);
            return;
        }
        var session = found.get();
        if (!MessageDigest.isEqual(bytes(session.token()), bytes(resume.token()))) {
            connection.close(VoiceCloseCode.AUTHENTICATION_FAILED);
            return;
        }
        var missed = connection.version() >= VoiceMessages.NUMBERED_VERSION
                ? session.replay().after(resume.seqAck())
                : Optional.of(List.<String>of());
        if (missed.isEmpty()) {
            end(session, VoiceCloseCode.SESSION_INVALID);
            connection.close(VoiceCloseCode.SESSION_INVALID);
            return;
        }
        session.connection().ifPresent(before -> {
            before.setSession(null);
            before.close(VoiceCloseCode.DISCONNECTED);
        });
        session.attach(connection);
        connection.setSession(session);
        metrics.onResumed();
        connection.socket().send(VoiceMessages.text(VoiceOpcode.RESUMED, "null"));
        missed.get().forEach(connection.socket()::send);
    }

    /// Ends a session: its media is cut off, the others are told.
    void end(VoiceSession session, VoiceCloseCode code) {
        if (!session.isEnded()) {
            session.end();
            sessions.remove(session);
            placement.leave(session);
            close(session, code);
            announcer.onLeft(session);
        }
    }

    private static void close(VoiceSession session, VoiceCloseCode code) {
        session.connection().ifPresent(connection -> connection.close(code));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
