package dev.guildcast.presence.announce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.presence.announce.UserGuilds.GuildsOfUser;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.GrpcOwnerClient;
import dev.guildcast.shard.coordination.MemoryShardMap;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcUserGuildsIT {
    private static final Topology TOPOLOGY = Topology.SMALLEST;

    private final List<Server> servers = new ArrayList<>();
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, CallGuard> guards = new ConcurrentHashMap<>();
    private final MemoryShardMap map = new MemoryShardMap();
    private final UserGuilds guilds =
            new GrpcUserGuilds(TOPOLOGY, new GrpcOwnerClient(map, this::channel, this::guard));

    @AfterEach
    void stop() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        servers.forEach(Server::shutdownNow);
    }

    @Test
    void queriesTheOwnerOfEachUsersShardInBatches() throws IOException {
        var one = new Host(false);
        var other = new Host(false);
        own(one, 0, 1);
        own(other, 2, 3);
        var users = LongStream.rangeClosed(1, 3000).boxed().toList();
        var found = guilds.guildsOf(users).collectList().block(Duration.ofSeconds(10));
        assertThat(found).hasSize(3000).contains(new GuildsOfUser(7, List.of(7L, 1007L)));
        assertThat(one.calls.get() + other.calls.get()).isBetween(6, 8);
    }

    @Test
    void leavesOutUsersWithoutAnOwner() throws IOException {
        own(new Host(false), 0);
        var users = LongStream.rangeClosed(1, 100).boxed().toList();
        var found = guilds.guildsOf(users).map(GuildsOfUser::user).collectList().block(Duration.ofSeconds(15));
        assertThat(found)
                .isNotEmpty()
                .allMatch(user -> TOPOLOGY.sessionShard(user).index() == 0);
    }

    @Test
    void aHangingOwnerDelaysNoOtherOwnersUsers() throws IOException {
        var good = new Host(false);
        own(new Host(true), 0);
        own(good, 1, 2, 3);
        var users = LongStream.rangeClosed(1, 100).boxed().toList();
        var others = users.stream()
                .filter(user -> TOPOLOGY.sessionShard(user).index() != 0)
                .toList();
        var first = guilds.guildsOf(users)
                .take(others.size())
                .map(GuildsOfUser::user)
                .collectList();
        assertThat(first.block(Duration.ofSeconds(6))).containsExactlyInAnyOrderElementsOf(others);
        assertThat(guilds.guildsOf(users).count().block(Duration.ofSeconds(20))).isEqualTo(others.size());
    }

    private void own(Host host, int... shards) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(host)
                .build()
                .start();
        servers.add(server);
        for (int shard : shards) {
            map.put(dev.guildcast.contract.ShardId.session(shard), "node", "127.0.0.1:" + server.getPort(), 1);
        }
    }

    private ManagedChannel channel(String address) {
        return channels.computeIfAbsent(
                address,
                a -> NettyChannelBuilder.forTarget("dns:///" + a).usePlaintext().build());
    }

    private CallGuard guard(String address) {
        return guards.computeIfAbsent(
                address,
                a -> new CallGuard(
                        CircuitBreaker.ofDefaults(a), Bulkhead.ofDefaults(a), TimeLimiter.of(Duration.ofSeconds(8))));
    }

    private static final class Host extends SessionHostGrpc.SessionHostImplBase {
        private final AtomicInteger calls = new AtomicInteger();
        private final boolean hangs;

        Host(boolean hangs) {
            this.hangs = hangs;
        }

        @Override
        public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> responses) {
            calls.incrementAndGet();
            if (hangs) {
                return;
            }
            var response = UserGuildsResponse.newBuilder();
            request.getUsersList()
                    .forEach(user -> response.addUsers(dev.guildcast.link.v1.UserGuilds.newBuilder()
                            .setUserId(user)
                            .addGuilds(user)
                            .addGuilds(user + 1000)));
            responses.onNext(response.build());
            responses.onCompleted();
        }
    }
}
