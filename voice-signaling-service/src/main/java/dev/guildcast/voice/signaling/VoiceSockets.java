package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.call.VoiceGateway;

/// Which sessions have a voice socket: here, or at a server that has a voice gateway of its own.
///
/// - **Owner:** the voice loop.
record VoiceSockets(VoiceServerRegistry registry, VoiceGateway gateway) {
    /// @param serverId of the guild
    boolean isOpen(String serverId, VoiceState state) {
        return gateway.hasSocket(state.guild(), state.user(), state.sessionId())
                || registry.hasVoiceSocket(serverId, state.guild(), state.user(), state.sessionId());
    }

    void onState(VoiceState state) {
        gateway.onState(state);
    }
}
