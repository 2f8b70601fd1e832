package dev.guildcast.voice.media;

import dev.guildcast.voice.VoiceServer;

/// A voice server that carries media for this instance's voice gateway.
///
/// @param ip literal at which clients send media
/// @param port UDP
/// @param processId of the process that registered: another one holds no rooms of this one
/// @param participantsMax users that it takes
public record MediaServer(VoiceServer server, String ip, int port, long processId, int participantsMax) {
    public String id() {
        return server.id();
    }
}
