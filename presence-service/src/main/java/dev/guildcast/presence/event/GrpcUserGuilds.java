package dev.guildcast.presence.event;

import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcCall;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Asks the owners of the users' session shards, each once for up to [#BATCH_MAX] users.
///
/// Every owner has a guard of its own: one that is slow or dead costs only its own users their answer.
final class GrpcUserGuilds implements UserGuilds {
    /// Users in one request.
    static final int BATCH_MAX = 500;

    /// Owners asked at a time.
    private static final int OWNERS_MAX = 64;
    private static final long DEADLINE_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(GrpcUserGuilds.class);

    private final Topology topology;
    private final ShardMapView map;
    private final Function<String, Channel> channels;
    private final Function<String, CallGuard> guards;

    /// @param channels the channel to an address, kept by whoever gives it
    /// @param guards the guard of an address
    GrpcUserGuilds(
            Topology topology,
            ShardMapView map,
            Function<String, Channel> channels,
            Function<String, CallGuard> guards) {
        this.topology = topology;
        this.map = map;
        this.channels = channels;
        this.guards = guards;
    }

    @Override
    public Flux<GuildsOf> guildsOf(Collection<Long> users) {
        return Flux.fromIterable(byOwner(users).entrySet())
                .flatMap(
                        owner -> Flux.fromIterable(owner.getValue())
                                .buffer(BATCH_MAX)
                                .concatMap(batch -> ask(owner.getKey(), batch)),
                        OWNERS_MAX)
                .concatMapIterable(UserGuildsResponse::getUsersList)
                .map(user -> new GuildsOf(user.getUserId(), user.getGuildsList()));
    }

    private Map<String, List<Long>> byOwner(Collection<Long> users) {
        var byOwner = new HashMap<String, List<Long>>();
        for (long user : users) {
            map.owner(topology.sessionShard(user))
                    .ifPresent(owner -> byOwner.computeIfAbsent(owner.address(), a -> new ArrayList<>())
                            .add(user));
        }
        return byOwner;
    }

    private Mono<UserGuildsResponse> ask(String address, List<Long> users) {
        var request = UserGuildsRequest.newBuilder().addAllUsers(users).build();
        return guards.apply(address)
                .around(GrpcCall.<UserGuildsResponse>unary(answer -> SessionHostGrpc.newStub(channels.apply(address))
                        .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                        .userGuilds(request, answer)))
                .onErrorResume(failure -> {
                    LOG.debug("no guilds of {} users from {}: {}", users.size(), address, failure.toString());
                    return Mono.empty();
                });
    }
}
