package dev.guildcast.voice.call;

import dev.guildcast.voice.protocol.VoiceCloseCode;

/// The socket of one client. Never blocks.
public interface VoiceSocket {
    /// Without effect once it is closed. Closes the socket when too much is queued.
    void send(String text);

    /// Closes after what has been sent.
    void close(VoiceCloseCode code);
}
