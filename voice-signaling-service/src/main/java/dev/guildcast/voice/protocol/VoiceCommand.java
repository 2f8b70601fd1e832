package dev.guildcast.voice.protocol;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a client sent.
public sealed interface VoiceCommand {
    /// @param server guild id
    /// @param token a secret, like the session; neither is in a text of this
    /// @param streams of video that it may send
    record Identify(long server, long user, String sessionId, String token, List<VideoStream> streams)
            implements VoiceCommand {
        /// Without session and token.
        @Override
        public String toString() {
            return "Identify";
        }
    }

    /// @param type `video`, `screen` or `test`
    /// @param rid of the simulcast layer; empty: none
    record VideoStream(String type, String rid, int quality) {}

    /// @param seqAck number of the last message received; negative: none
    record Resume(long server, String sessionId, String token, int seqAck) implements VoiceCommand {
        /// Without session and token.
        @Override
        public String toString() {
            return "Resume";
        }
    }

    /// @param mode as the client names it
    /// @param soundPayloadType of Opus
    record SelectProtocol(String protocol, String mode, int soundPayloadType) implements VoiceCommand {}

    /// @param nonce echoed as it came
    /// @param nested whether it came in an object, as from version 8 on
    /// @param seqAck number of the last message received; negative: none
    record Heartbeat(JsonNode nonce, boolean nested, int seqAck) implements VoiceCommand {}

    /// @param flags 1 microphone, 2 sound of a screen, 4 priority
    /// @param ssrc 0: not named
    record Speaking(int flags, int ssrc) implements VoiceCommand {}

    /// @param audioSsrc 0: not named
    /// @param d as it came
    record Video(int audioSsrc, JsonNode d) implements VoiceCommand {}

    /// The client asks for the versions of the servers.
    record BackendVersion() implements VoiceCommand {}

    /// Known, and without effect here.
    record Ignored(VoiceOpcode opcode) implements VoiceCommand {}

    /// The connection is to be closed.
    record Rejected(VoiceCloseCode code) implements VoiceCommand {}
}
