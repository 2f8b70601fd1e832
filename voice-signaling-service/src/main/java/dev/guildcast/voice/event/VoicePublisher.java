package dev.guildcast.voice.event;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceState;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Appends to a guild's log. Completion means that it stands there: what is published after that comes after it.
///
/// Fails when it may not stand there. Never blocks.
public interface VoicePublisher {
    /// VOICE_STATE_UPDATE, for all who may see it.
    Mono<Void> state(VoiceState state);

    /// VOICE_SERVER_UPDATE, for this session alone.
    ///
    /// @param endpoint empty: the server is gone, another one follows
    Mono<Void> server(long guild, SessionId session, String token, Optional<String> endpoint);
}
