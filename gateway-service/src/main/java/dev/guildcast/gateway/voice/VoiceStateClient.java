package dev.guildcast.gateway.voice;

import dev.guildcast.gateway.protocol.Payload;

/// Passes voice state updates on to voice-signaling. Never blocks. Clients see the result as events; a rejected update
/// is not reported to them.
public interface VoiceStateClient {
    /// @param sessionId the `session_id` of READY
    void update(long userId, boolean bot, String sessionId, Payload.VoiceStateUpdate update);
}
