package dev.guildcast.presence.announce;

import dev.guildcast.presence.Presence;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Publishes a user's current presence to every guild of the user.
///
/// - **Owner:** none; holds no state.
/// - **Bound:** [#USERS_IN_FLIGHT_MAX] times [#GUILDS_IN_FLIGHT_MAX] records unacknowledged in one announcement.
/// - **Promise:** a user counts as announced only when the logs of all their guilds acknowledged; a user whose guilds
/// are unknown delays no other.
public final class PresenceAnnouncer {
    /// Users published at a time; with [#GUILDS_IN_FLIGHT_MAX] it bounds the records in flight.
    public static final int USERS_IN_FLIGHT_MAX = 16;
    /// Guilds of one user published at a time, so that a user of many guilds does not fill the producer alone.
    public static final int GUILDS_IN_FLIGHT_MAX = 32;

    private final UserGuilds guilds;
    private final PresencePublisher publisher;

    public PresenceAnnouncer(UserGuilds guilds, PresencePublisher publisher) {
        this.guilds = guilds;
        this.publisher = publisher;
    }

    /// Emits one result for each announcement; never fails. At most one announcement of a user may run at a time.
    public Flux<AnnounceResult> announce(Collection<Announcement> announcements) {
        return Flux.defer(() -> {
            var unresolved = new ConcurrentHashMap<Long, Announcement>();
            announcements.forEach(announcement -> unresolved.put(announcement.user(), announcement));
            return guilds.guildsOf(List.copyOf(unresolved.keySet()))
                    .onErrorResume(failure -> Flux.empty())
                    .flatMap(
                            found -> Mono.justOrEmpty(unresolved.remove(found.user()))
                                    .flatMap(announcement -> publishToGuilds(announcement, found.guilds())),
                            USERS_IN_FLIGHT_MAX)
                    .concatWith(Flux.defer(() -> Flux.fromIterable(unresolved.values())
                            .map(announcement -> new AnnounceResult(announcement, AnnounceStatus.GUILDS_UNKNOWN))));
        });
    }

    private Mono<AnnounceResult> publishToGuilds(Announcement announcement, List<Long> guildIds) {
        return Flux.fromIterable(guildIds)
                .flatMap(
                        guild -> publisher.publish(guild, announcement.user(), announcement.presence()),
                        GUILDS_IN_FLIGHT_MAX)
                .then(Mono.just(new AnnounceResult(announcement, AnnounceStatus.PUBLISHED)))
                .onErrorReturn(new AnnounceResult(announcement, AnnounceStatus.NOT_PUBLISHED));
    }

    public enum AnnounceStatus {
        /// Every guild's ephemeral log has acknowledged the presence.
        PUBLISHED("published"),
        /// The owner of the user's session shard did not answer.
        GUILDS_UNKNOWN("guilds_unknown"),
        /// The append to a guild's ephemeral log failed.
        NOT_PUBLISHED("not_published");

        private final String tag;

        AnnounceStatus(String tag) {
            this.tag = tag;
        }

        /// The value of the metric's tag, which stays when a constant is renamed: dashboards name it.
        public String tag() {
            return tag;
        }
    }

    /// @param version highest version of the merged sessions
    public record Announcement(long user, Presence presence, long version) {}

    public record AnnounceResult(Announcement announcement, AnnounceStatus status) {}
}
