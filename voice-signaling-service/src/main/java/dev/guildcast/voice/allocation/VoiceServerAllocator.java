package dev.guildcast.voice.allocation;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.channel.VoiceAssignmentStore;
import dev.guildcast.voice.channel.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.channel.VoiceAssignmentStore.Loaded;
import dev.guildcast.voice.channel.VoiceRoster;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Gives a guild a voice server: the one it has while that lives and takes guilds, else the least loaded one of the
/// best region. A compare-and-set decides between instances that choose at the same time; the loser takes the winner's
/// word.
///
/// - **Owner:** the voice loop; every answer comes back on it.
public final class VoiceServerAllocator {
    private static final int ATTEMPTS_MAX = 3;
    private static final int CANDIDATES_MAX = 4;

    private final VoiceServerRegistry registry;
    private final VoiceAssignmentStore store;
    private final VoiceRoster roster;
    private final RegionPolicy policy;
    private final Scheduler loop;

    public VoiceServerAllocator(
            VoiceServerRegistry registry,
            VoiceAssignmentStore store,
            VoiceRoster roster,
            RegionPolicy policy,
            Scheduler loop) {
        this.registry = registry;
        this.store = store;
        this.roster = roster;
        this.policy = policy;
        this.loop = loop;
    }

    /// The guild's server, assigned now if it has none that lives; empty when no server can be had. The guild must have
    /// been refreshed.
    ///
    /// @param region of the channel; empty: automatic
    /// @param preferred by the user; empty: none
    public Mono<Optional<VoiceServer>> serverOf(long guild, String region, String preferred) {
        return attempt(new Wish(guild, region, preferred, ""), ATTEMPTS_MAX);
    }

    /// As above for a guild whose server was lost: that one is out of the question until it reports again.
    public Mono<Optional<VoiceServer>> replacement(long guild, String region, String lost) {
        return attempt(new Wish(guild, region, "", lost), ATTEMPTS_MAX);
    }

    private Mono<Optional<VoiceServer>> living(String id, Wish wish) {
        if (id.isEmpty() || registry.draining(id) || lost(id, wish)) {
            return Mono.just(Optional.empty());
        }
        var here = registry.server(id);
        return here.isPresent()
                ? Mono.just(here)
                : store.server(id).onErrorReturn(Optional.empty()).publishOn(loop);
    }

    private Mono<Optional<VoiceServer>> attempt(Wish wish, int attempts) {
        var known = roster.known(wish.guild);
        return living(known.assignment().server(), wish).flatMap(standing -> {
            // An empty guild moves to wherever there is most room.
            if (standing.isPresent() && (!known.states().isEmpty() || attempts < ATTEMPTS_MAX)) {
                return Mono.just(standing);
            }
            return attempts == 0
                    ? Mono.just(Optional.empty())
                    : choose(wish)
                            .flatMap(chosen -> chosen.isEmpty()
                                    ? Mono.just(Optional.empty())
                                    : claim(wish, chosen.get(), attempts));
        });
    }

    private Mono<Optional<VoiceServer>> claim(Wish wish, VoiceServer chosen, int attempts) {
        return roster.assign(wish.guild, chosen.id()).flatMap((Assignment stands) -> {
            if (stands.server().equals(chosen.id())) {
                registry.onAssigned(chosen.id());
                return Mono.just(Optional.of(chosen));
            }
            return attempt(wish, attempts - 1);
        });
    }

    private Mono<Optional<VoiceServer>> choose(Wish wish) {
        return store.regions().onErrorReturn(List.of()).publishOn(loop).flatMap(stored -> {
            var served = new TreeSet<>(registry.regions());
            served.addAll(stored);
            return Flux.fromIterable(policy.order(wish.region, wish.preferred, served))
                    .concatMap(region -> leastLoaded(region, wish), 1)
                    .next()
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty());
        });
    }

    private Mono<VoiceServer> leastLoaded(String region, Wish wish) {
        var here = registry.leastLoaded(region);
        return here.isPresent()
                ? Mono.just(here.get())
                : store.servers(region, CANDIDATES_MAX)
                        .onErrorReturn(List.of())
                        .publishOn(loop)
                        .flatMapIterable(servers -> servers)
                        .map(Loaded::server)
                        .filter(server -> !registry.draining(server.id()) && !lost(server.id(), wish))
                        .next();
    }

    private boolean lost(String id, Wish wish) {
        return id.equals(wish.lost) && registry.server(id).isEmpty();
    }

    /// @param lost a server that was given up for dead; empty: none
    private record Wish(long guild, String region, String preferred, String lost) {}
}
