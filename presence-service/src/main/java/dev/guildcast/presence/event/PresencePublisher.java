package dev.guildcast.presence.event;

import dev.guildcast.presence.Presence;
import reactor.core.publisher.Mono;

/// Tells one guild of a user's presence.
public interface PresencePublisher {
    /// Completes when the guild's lane has it; fails when it may not. Never blocks.
    Mono<Void> publish(long guild, long user, Presence presence);
}
