package dev.guildcast.session.link;

import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuilds;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.session.attach.HostedShardRegistry;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// The gRPC service of a session host: gateways open their streams here, and presence-service looks up users' guilds.
///
/// - **Owner:** gRPC's threads, which only hand requests over to shards' loops.
/// - **Bound:** one stream for each gateway; [#USERS_MAX] users in one look-up.
public final class GrpcLinkEndpoint extends SessionHostGrpc.SessionHostImplBase implements AutoCloseable {
    /// A reply stays below gRPC's 4 MiB, as a user has a few hundred guilds at eight bytes each.
    private static final int USERS_MAX = 1000;

    /// Period of [#endSilentStreams]: a lost gateway is noticed at most so much late.
    static final Duration SWEEP_INTERVAL = Duration.ofMillis(250);

    /// Two sweeps further apart than this mean that the process was paused, and that what has arrived meanwhile may not
    /// have been read yet.
    private static final Duration SWEEP_GAP = Duration.ofSeconds(1);

    private final HostedShardRegistry hostedShards;
    private final Topology topology;
    private final String nodeId;
    private final Duration deadAfter;
    private final LinkMetrics metrics;
    private final LongSupplier nanoTime;
    private long lastSweepNanos;
    private final Set<GrpcGatewayStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param deadAfter silence after which a gateway that sends pings is considered lost
    /// @param nanoTime the monotonic clock
    public GrpcLinkEndpoint(
            HostedShardRegistry hostedShards,
            Topology topology,
            String nodeId,
            Duration deadAfter,
            MeterRegistry registry,
            LongSupplier nanoTime) {
        this.hostedShards = hostedShards;
        this.topology = topology;
        this.nodeId = nodeId;
        this.deadAfter = deadAfter;
        this.metrics = new LinkMetrics(registry);
        this.nanoTime = nanoTime;
        this.lastSweepNanos = nanoTime.getAsLong();
        metrics.registerSilence(this::silenceNanos);
    }

    @Override
    public StreamObserver<GatewayMessage> connect(StreamObserver<HostMessage> responses) {
        var stream = new GrpcGatewayStream(
                (ServerCallStreamObserver<HostMessage>) responses,
                hostedShards,
                nodeId,
                streams::remove,
                metrics,
                nanoTime);
        stream.start();
        streams.add(stream);
        if (closed) {
            stream.close();
        }
        return stream;
    }

    /// Ends every stream and accepts no new one, so that gateways connect to other hosts at once.
    @Override
    public void close() {
        closed = true;
        streams.forEach(GrpcGatewayStream::close);
    }

    /// Ends the streams of gateways that are lost. To be called every [#SWEEP_INTERVAL], by one thread at a time.
    public synchronized void endSilentStreams() {
        long now = nanoTime.getAsLong();
        boolean processPaused = now - lastSweepNanos > SWEEP_GAP.toNanos();
        lastSweepNanos = now;
        if (processPaused) {
            streams.forEach(stream -> stream.restartDeadline(now));
        } else {
            streams.forEach(stream -> stream.endIfSilent(now, deadAfter));
        }
    }

    private long silenceNanos() {
        long now = nanoTime.getAsLong();
        return streams.stream()
                .mapToLong(stream -> stream.silenceNanos(now))
                .max()
                .orElse(0);
    }

    /// The number of gateways that are connected.
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
        var collector = new UserGuildsCollector(responses, byShard.size());
        byShard.forEach((shard, users) -> {
            var hostedShard = hostedShards.at(shard);
            if (hostedShard == null) {
                collector.shardDone();
            } else {
                hostedShard.offer(
                        frontend -> {
                            if (frontend.live()) {
                                users.forEach(user ->
                                        collector.add(user, frontend.machine().guilds(user)));
                            }
                            collector.shardDone();
                        },
                        collector::shardDone);
            }
        });
        collector.shardDone();
    }

    /// Collects the replies of the shards, and completes the call after the last one.
    private static final class UserGuildsCollector {
        private final StreamObserver<UserGuildsResponse> responses;
        private final Queue<UserGuilds> users = new ConcurrentLinkedQueue<>();
        private final AtomicInteger remaining;

        UserGuildsCollector(StreamObserver<UserGuildsResponse> responses, int shards) {
            this.responses = responses;
            this.remaining = new AtomicInteger(shards + 1);
        }

        void add(long userId, long[] guilds) {
            var user = UserGuilds.newBuilder().setUserId(userId);
            for (long guild : guilds) {
                user.addGuilds(guild);
            }
            users.add(user.build());
        }

        void shardDone() {
            if (remaining.decrementAndGet() == 0) {
                responses.onNext(
                        UserGuildsResponse.newBuilder().addAllUsers(users).build());
                responses.onCompleted();
            }
        }
    }
}
