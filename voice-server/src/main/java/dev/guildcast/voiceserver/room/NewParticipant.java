package dev.guildcast.voiceserver.room;

import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.TransportKey;
import java.util.List;

/// A user who is about to join.
///
/// @param key of its voice session; it passes to the room, which destroys it, also when it refuses
/// @param soundPayloadType under which the client sends and expects sound, 0 to 127
/// @param streams that it may send; the first one is what it asks for its address with
public record NewParticipant(
        long user,
        EncryptionMode mode,
        TransportKey key,
        int soundPayloadType,
        List<MediaStream> streams,
        VoiceFlags flags) {
    /// Opus, as native clients number it.
    public static final int OPUS = 120;

    /// RTP has seven bits for it.
    private static final int PAYLOAD_TYPE_MAX = 127;

    public NewParticipant {
        streams = List.copyOf(streams);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("a participant has a stream at least");
        }
        if (streams.stream().mapToInt(MediaStream::ssrc).distinct().count() != streams.size()) {
            throw new IllegalArgumentException("two streams of a participant have one SSRC");
        }
        if (soundPayloadType < 0 || soundPayloadType > PAYLOAD_TYPE_MAX) {
            throw new IllegalArgumentException("payload type " + soundPayloadType + " (expected: 0 to 127)");
        }
    }
}
