package dev.guildcast.voice.event;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceState;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Appends voice events to a guild's log. Completion means that the event is in the log: whatever is published after
/// that follows it.
///
/// Fails if the event may not be in the log. Never blocks.
public interface VoicePublisher {
    /// VOICE_STATE_UPDATE, for all users who may see the channel.
    Mono<Void> publishState(VoiceState state);

    /// VOICE_SERVER_UPDATE, for this session only.
    ///
    /// @param endpoint empty: the server was lost, another one follows
    Mono<Void> publishServer(long guild, SessionId session, String token, Optional<String> endpoint);
}
