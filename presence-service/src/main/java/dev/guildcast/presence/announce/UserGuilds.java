package dev.guildcast.presence.announce;

import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;

/// Finds the guilds of users.
public interface UserGuilds {
    /// Emits each user's guilds as soon as they are known; a user whose owner does not answer is left out, and the
    /// stream does not fail. Never blocks.
    Flux<GuildsOfUser> guildsOf(Collection<Long> users);

    /// @param guilds maybe empty
    record GuildsOfUser(long user, List<Long> guilds) {
        public GuildsOfUser {
            guilds = List.copyOf(guilds);
        }
    }
}
