package dev.guildcast.presence.announce;

import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.shard.call.GrpcOwnerClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Queries the owners of the users' session shards, one request for up to [#BATCH_USERS_MAX] users. A slow or dead
/// owner delays only the users of its own shards.
final class GrpcUserGuilds implements UserGuilds {
    /// Users of one request; at hundreds of guilds a user the response stays below gRPC's default limit of 4 MB.
    static final int BATCH_USERS_MAX = 500;

    /// Owners queried at a time; normally all of them, so that none waits behind a slow one.
    private static final int OWNERS_IN_FLIGHT_MAX = 64;

    private static final Logger log = LoggerFactory.getLogger(GrpcUserGuilds.class);

    private final Topology topology;
    private final GrpcOwnerClient owners;

    GrpcUserGuilds(Topology topology, GrpcOwnerClient owners) {
        this.topology = topology;
        this.owners = owners;
    }

    @Override
    public Flux<GuildsOfUser> guildsOf(Collection<Long> users) {
        return Flux.fromIterable(byOwner(users).entrySet())
                .flatMap(
                        owner -> Flux.fromIterable(owner.getValue())
                                .buffer(BATCH_USERS_MAX)
                                .concatMap(batch -> query(owner.getKey(), batch)),
                        OWNERS_IN_FLIGHT_MAX)
                .concatMapIterable(UserGuildsResponse::getUsersList)
                .map(user -> new GuildsOfUser(user.getUserId(), user.getGuildsList()));
    }

    private Map<String, List<Long>> byOwner(Collection<Long> users) {
        var byOwner = new HashMap<String, List<Long>>();
        for (long user : users) {
            owners.ownerAddress(topology.sessionShard(user))
                    .ifPresent(address -> byOwner.computeIfAbsent(address, a -> new ArrayList<>())
                            .add(user));
        }
        return byOwner;
    }

    private Mono<UserGuildsResponse> query(String address, List<Long> users) {
        var request = UserGuildsRequest.newBuilder().addAllUsers(users).build();
        return owners.<SessionHostGrpc.SessionHostStub, UserGuildsResponse>call(
                        address, SessionHostGrpc::newStub, (stub, responses) -> stub.userGuilds(request, responses))
                .onErrorResume(failure -> {
                    log.debug("guilds of {} users not received from {}: {}", users.size(), address, failure.toString());
                    return Mono.empty();
                });
    }
}
