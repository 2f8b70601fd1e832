package dev.guildcast.presence.event;

import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;

/// Which guilds users are in.
public interface UserGuilds {
    /// Each user's guilds as soon as they are known; users of whom nobody can say are left out, and the whole does not
    /// fail. Never blocks.
    Flux<GuildsOf> guildsOf(Collection<Long> users);

    /// @param guilds maybe none
    record GuildsOf(long user, List<Long> guilds) {
        public GuildsOf {
            guilds = List.copyOf(guilds);
        }
    }
}
