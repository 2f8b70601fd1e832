package dev.guildcast.voice.call;

import dev.guildcast.voice.protocol.VoiceMessages;
import dev.guildcast.voice.protocol.VoiceOpcode;
import java.util.List;

/// Sends the sessions of a channel what they must know of each other.
///
/// - **Owner:** the voice loop.
final class RoomAnnouncer {
    private final VoiceSessions sessions;

    RoomAnnouncer(VoiceSessions sessions) {
        this.sessions = sessions;
    }

    /// The newcomer is sent who is there and whose SSRC is which, the others that it has come.
    void onJoined(VoiceSession newcomer) {
        var others = others(newcomer);
        if (!others.isEmpty()) {
            newcomer.send(
                    VoiceOpcode.CLIENTS_CONNECT,
                    VoiceMessages.clientsConnect(
                            others.stream().map(VoiceSession::user).toList()));
        }
        for (VoiceSession other : others) {
            if (other.isAnnounced()) {
                newcomer.send(
                        VoiceOpcode.SPEAKING, VoiceMessages.speaking(other.user(), other.ssrc(), other.speaking()));
            }
            var video = other.videoAnnounced();
            if (video != null) {
                newcomer.send(VoiceOpcode.VIDEO, VoiceMessages.video(other.user(), other.ssrc(), video));
            }
        }
        sendToOthers(newcomer, VoiceOpcode.CLIENTS_CONNECT, VoiceMessages.clientsConnect(List.of(newcomer.user())));
    }

    void onLeft(VoiceSession session) {
        sendToOthers(session, VoiceOpcode.CLIENT_DISCONNECT, VoiceMessages.clientDisconnect(session.user()));
    }

    void onSpeaking(VoiceSession session) {
        sendToOthers(
                session,
                VoiceOpcode.SPEAKING,
                VoiceMessages.speaking(session.user(), session.ssrc(), session.speaking()));
    }

    void onVideo(VoiceSession session) {
        var video = session.videoAnnounced();
        if (video != null) {
            sendToOthers(session, VoiceOpcode.VIDEO, VoiceMessages.video(session.user(), session.ssrc(), video));
        }
    }

    private void sendToOthers(VoiceSession session, VoiceOpcode opcode, String d) {
        others(session).forEach(other -> other.send(opcode, d));
    }

    private List<VoiceSession> others(VoiceSession session) {
        return sessions.inChannel(session.channel()).stream()
                .filter(other ->
                        other.user() != session.user() && !other.ssrcs().isEmpty())
                .toList();
    }
}
