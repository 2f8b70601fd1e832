package dev.guildcast.presence.event;

import dev.guildcast.presence.Presence;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Tells every guild of a user what the user looks like now.
///
/// - **Owner:** none; holds no state.
/// - **Bound:** [#USERS_MAX] times [#GUILDS_MAX] records unacknowledged in one announcement.
/// - **Promise:** a user is `told` only after all of their guilds were; one whose guilds nobody can say holds up none.
public final class PresenceAnnouncer {
    /// Users told at a time.
    public static final int USERS_MAX = 16;
    /// Guilds of one user told at a time.
    public static final int GUILDS_MAX = 32;

    private final UserGuilds guilds;
    private final PresencePublisher publisher;

    public PresenceAnnouncer(UserGuilds guilds, PresencePublisher publisher) {
        this.guilds = guilds;
        this.publisher = publisher;
    }

    /// Emits one result for each news; never fails. At most one announcement of a user may run at a time.
    public Flux<Told> announce(Collection<News> news) {
        return Flux.defer(() -> {
            var waiting = new ConcurrentHashMap<Long, News>();
            news.forEach(item -> waiting.put(item.user(), item));
            return guilds.guildsOf(List.copyOf(waiting.keySet()))
                    .onErrorResume(failure -> Flux.empty())
                    .flatMap(
                            found -> Mono.justOrEmpty(waiting.remove(found.user()))
                                    .flatMap(item -> tell(item, found.guilds())),
                            USERS_MAX)
                    .concatWith(Flux.defer(() ->
                            Flux.fromIterable(waiting.values()).map(item -> new Told(item, Result.GUILDS_UNKNOWN))));
        });
    }

    private Mono<Told> tell(News news, List<Long> itsGuilds) {
        return Flux.fromIterable(itsGuilds)
                .flatMap(guild -> publisher.publish(guild, news.user(), news.presence()), GUILDS_MAX)
                .then(Mono.just(new Told(news, Result.TOLD)))
                .onErrorReturn(new Told(news, Result.NOT_PUBLISHED));
    }

    public enum Result {
        TOLD,
        /// The owner of the user's session shard gave no answer.
        GUILDS_UNKNOWN,
        /// A guild's lane did not take it.
        NOT_PUBLISHED
    }

    /// @param version highest version of the sessions behind it
    public record News(long user, Presence presence, long version) {}

    public record Told(News news, Result result) {}
}
