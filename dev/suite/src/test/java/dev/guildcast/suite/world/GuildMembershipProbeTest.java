package dev.guildcast.suite.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuilds;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.access.SuiteSecret;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuildMembershipProbeTest {
    private static final GrpcIdentity IDENTITY =
            GrpcIdentity.bySecret(SuiteSecret.of("a-secret-of-this-test-only-0123456789"), PeerRole.OPERATOR);

    private final List<Server> hosts = new ArrayList<>();

    @AfterEach
    void stop() {
        hosts.forEach(Server::shutdownNow);
    }

    @Test
    void listsUsersMissingFromTheUnionOfAllHosts() throws IOException {
        var targets = List.of(host(Map.of(1L, List.of(10L))), host(Map.of(2L, List.of(10L, 11L), 3L, List.of(12L))));
        var expected = Map.of(1L, Set.of(10L, 11L), 2L, Set.of(11L, 10L), 3L, Set.of(12L), 4L, Set.of(12L));
        assertThat(new GuildMembershipProbe(targets, IDENTITY).usersMissingGuilds(expected))
                .containsExactlyInAnyOrder(1L, 4L);
    }

    @Test
    void treatsAnUnreachableHostAsEmpty() throws IOException {
        var targets = List.of(host(Map.of()), host(Map.of(1L, List.of(10L))));
        assertThat(new GuildMembershipProbe(targets, IDENTITY).usersMissingGuilds(Map.of(1L, Set.of(10L))))
                .isEmpty();
        hosts.forEach(Server::shutdownNow);
        assertThat(new GuildMembershipProbe(targets, IDENTITY).usersMissingGuilds(Map.of(1L, Set.of(10L))))
                .containsExactly(1L);
    }

    @Test
    void queriesNoHostForNoUsers() {
        assertThat(new GuildMembershipProbe(List.of("127.0.0.1:1"), IDENTITY).usersMissingGuilds(Map.of()))
                .isEmpty();
    }

    /// A host that is unavailable if it has no users.
    private String host(Map<Long, List<Long>> known) throws IOException {
        var service = new SessionHostGrpc.SessionHostImplBase() {
            @Override
            public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> responses) {
                if (known.isEmpty()) {
                    responses.onError(Status.UNAVAILABLE.asRuntimeException());
                    return;
                }
                var response = UserGuildsResponse.newBuilder();
                for (long user : request.getUsersList()) {
                    if (known.containsKey(user)) {
                        response.addUsers(
                                UserGuilds.newBuilder().setUserId(user).addAllGuilds(known.get(user)));
                    }
                }
                responses.onNext(response.build());
                responses.onCompleted();
            }
        };
        var server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
                .addService(service)
                .build()
                .start();
        hosts.add(server);
        return "127.0.0.1:" + server.getPort();
    }
}
