package dev.guildcast.presence.announce;

import dev.guildcast.presence.Presence;
import reactor.core.publisher.Mono;

/// Publishes a user's presence to one guild.
public interface PresencePublisher {
    /// Completes when the guild's ephemeral log acknowledged it; fails when it may not be there. Never blocks.
    Mono<Void> publish(long guild, long user, Presence presence);
}
