package dev.guildcast.gateway.voice;

import dev.guildcast.gateway.protocol.Payload;

/// Where users are in voice. Never blocks; answers reach clients as events, and a refusal reaches nobody.
public interface VoiceStates {
    /// @param sessionId as clients know it
    void update(long userId, boolean bot, String sessionId, Payload.VoiceStateUpdate update);
}
