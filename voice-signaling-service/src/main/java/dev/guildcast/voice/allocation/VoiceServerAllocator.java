package dev.guildcast.voice.allocation;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.assignment.VoiceAssignmentStore;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.Assignment;
import dev.guildcast.voice.assignment.VoiceAssignmentStore.ServerLoad;
import dev.guildcast.voice.assignment.VoiceRoster;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Assigns a voice server to a guild: its current one while that is alive and accepts guilds, else the least loaded one
/// of the best region. A compare-and-set decides between instances that choose at the same time; the loser uses the
/// winner's server.
///
/// - **Owner:** the voice loop; every result is delivered on it.
public final class VoiceServerAllocator {
    /// Lost compare-and-sets before the allocation fails: each means that another instance has just assigned a server.
    private static final int ATTEMPTS_MAX = 3;

    /// Servers read from the store per region: some may be draining or lost, and one is enough.
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

    /// The guild's server, assigned now if it has no live one; empty if no server is available. The guild must have
    /// been refreshed.
    ///
    /// @param region of the channel; empty: automatic
    /// @param preferred by the user; empty: none
    public Mono<Optional<VoiceServer>> allocate(long guild, String region, String preferred) {
        return attempt(new AllocationRequest(guild, region, preferred, ""), ATTEMPTS_MAX);
    }

    /// As above for a guild whose server was lost: that one is not chosen until it reports again.
    public Mono<Optional<VoiceServer>> allocateReplacement(long guild, String region, String lost) {
        return attempt(new AllocationRequest(guild, region, "", lost), ATTEMPTS_MAX);
    }

    private Mono<Optional<VoiceServer>> liveServer(String id, AllocationRequest request) {
        if (id.isEmpty() || registry.isDraining(id) || isLost(id, request)) {
            return Mono.just(Optional.empty());
        }
        var registered = registry.server(id);
        return registered.isPresent()
                ? Mono.just(registered)
                : store.findServer(id).onErrorReturn(Optional.empty()).publishOn(loop);
    }

    private Mono<Optional<VoiceServer>> attempt(AllocationRequest request, int attempts) {
        var stored = roster.snapshot(request.guild);
        return liveServer(stored.assignment().server(), request).flatMap(current -> {
            // A guild without users in voice is placed anew, on the least loaded server.
            if (current.isPresent() && (!stored.states().isEmpty() || attempts < ATTEMPTS_MAX)) {
                return Mono.just(current);
            }
            return attempts == 0
                    ? Mono.just(Optional.empty())
                    : choose(request)
                            .flatMap(chosen -> chosen.isEmpty()
                                    ? Mono.just(Optional.empty())
                                    : tryAssign(request, chosen.get(), attempts));
        });
    }

    private Mono<Optional<VoiceServer>> tryAssign(AllocationRequest request, VoiceServer chosen, int attempts) {
        return roster.assign(request.guild, chosen.id()).flatMap((Assignment current) -> {
            if (current.server().equals(chosen.id())) {
                registry.onAssigned(chosen.id());
                return Mono.just(Optional.of(chosen));
            }
            return attempt(request, attempts - 1);
        });
    }

    private Mono<Optional<VoiceServer>> choose(AllocationRequest request) {
        return store.regions().onErrorReturn(List.of()).publishOn(loop).flatMap(storedRegions -> {
            var knownRegions = new TreeSet<>(registry.regions());
            knownRegions.addAll(storedRegions);
            return Flux.fromIterable(policy.order(request.region, request.preferred, knownRegions))
                    .concatMap(region -> leastLoaded(region, request), 1)
                    .next()
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty());
        });
    }

    private Mono<VoiceServer> leastLoaded(String region, AllocationRequest request) {
        var registered = registry.lessLoadedOfTwo(region);
        return registered.isPresent()
                ? Mono.just(registered.get())
                : store.leastLoadedServers(region, CANDIDATES_MAX)
                        .onErrorReturn(List.of())
                        .publishOn(loop)
                        .flatMapIterable(servers -> servers)
                        .map(ServerLoad::server)
                        .filter(server -> !registry.isDraining(server.id()) && !isLost(server.id(), request))
                        .next();
    }

    private boolean isLost(String id, AllocationRequest request) {
        return id.equals(request.lost) && registry.server(id).isEmpty();
    }

    /// @param lost a server that counts as dead; empty: none
    private record AllocationRequest(long guild, String region, String preferred, String lost) {}
}
