package dev.guildcast.voice.media;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.v1.HeldRoom;
import java.util.List;

/// What happens to voice servers; called on the voice loop.
public interface MediaServerListener {
    /// @param rooms that it carries
    void onRegistered(VoiceServer server, List<HeldRoom> rooms);

    /// @param load 0 to 1
    void onLoad(VoiceServer server, double load, boolean draining);

    /// Its rooms are lost.
    void onDied(VoiceServer server, String reason);
}
