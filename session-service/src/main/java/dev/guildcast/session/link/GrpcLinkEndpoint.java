package dev.guildcast.session.link;

import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuilds;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/// Where gateways connect, and presence-service asks which guilds to tell. gRPC's threads only hand over.
///
/// - **Bound:** one stream for each gateway.
public final class GrpcLinkEndpoint extends SessionHostGrpc.SessionHostImplBase implements AutoCloseable {
    private static final int USERS_MAX = 1000;

    private final ShardLinks links;
    private final Topology topology;
    private final String nodeId;
    private final Set<GrpcGatewayStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    GrpcLinkEndpoint(ShardLinks links, Topology topology, String nodeId) {
        this.links = links;
        this.topology = topology;
        this.nodeId = nodeId;
    }

    @Override
    public StreamObserver<GatewayMessage> connect(StreamObserver<HostMessage> responses) {
        var stream = new GrpcGatewayStream(
                (ServerCallStreamObserver<HostMessage>) responses, links, nodeId, streams::remove);
        stream.start();
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        return stream;
    }

    /// Ends every stream and takes no new one, so that gateways look elsewhere at once.
    @Override
    public void close() {
        closed = true;
        streams.forEach(GrpcGatewayStream::close);
    }

    /// Gateways that are connected now.
    public int gateways() {
        return streams.size();
    }

    @Override
    public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> responses) {
        if (request.getUsersCount() > USERS_MAX) {
            responses.onError(Status.INVALID_ARGUMENT
                    .withDescription(request.getUsersCount() + " users (expected: at most " + USERS_MAX + ")")
                    .asRuntimeException());
            return;
        }
        Map<Integer, List<Long>> byShard = request.getUsersList().stream()
                .collect(Collectors.groupingBy(
                        user -> topology.sessionShard(user).index()));
        var answer = new Answer(responses, byShard.size());
        byShard.forEach((shard, users) -> {
            var at = links.at(shard);
            if (at == null) {
                answer.arrived();
            } else {
                at.offer(
                        desk -> {
                            if (desk.live()) {
                                users.forEach(
                                        user -> answer.add(user, desk.machine().guilds(user)));
                            }
                            answer.arrived();
                        },
                        answer::arrived);
            }
        });
        answer.arrived();
    }

    /// Waits for the shards asked, and for the asking to be over.
    private static final class Answer {
        private final StreamObserver<UserGuildsResponse> responses;
        private final Queue<UserGuilds> users = new ConcurrentLinkedQueue<>();
        private final AtomicInteger missing;

        Answer(StreamObserver<UserGuildsResponse> responses, int shards) {
            this.responses = responses;
            this.missing = new AtomicInteger(shards + 1);
        }

        void add(long userId, long[] guilds) {
            var user = UserGuilds.newBuilder().setUserId(userId);
            for (long guild : guilds) {
                user.addGuilds(guild);
            }
            users.add(user.build());
        }

        void arrived() {
            if (missing.decrementAndGet() == 0) {
                responses.onNext(
                        UserGuildsResponse.newBuilder().addAllUsers(users).build());
                responses.onCompleted();
            }
        }
    }
}
