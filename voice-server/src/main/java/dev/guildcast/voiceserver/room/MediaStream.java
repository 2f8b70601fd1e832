package dev.guildcast.voiceserver.room;

/// A stream as it was announced to its sender.
///
/// @param ssrc not 0, and of one stream only on this server
public record MediaStream(int ssrc, StreamKind kind) {
    public MediaStream {
        if (ssrc == 0) {
            throw new IllegalArgumentException("a stream's SSRC is not 0");
        }
    }
}
