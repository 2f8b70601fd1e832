package dev.guildcast.coordinator.endpoint;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.director.OperationResult;
import dev.guildcast.coordinator.map.ShardMap;
import dev.guildcast.coordinator.map.ShardMapPublisher;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import dev.guildcast.coordinator.replica.LeaderTerm;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.shard.access.CallerVerification.Caller;
import dev.guildcast.shard.access.GrpcCallAuthorizer;
import dev.guildcast.shard.coordination.GrpcCoordinatorErrors;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.DrainRequest;
import dev.guildcast.shard.v1.DrainResponse;
import dev.guildcast.shard.v1.GetMapRequest;
import dev.guildcast.shard.v1.MapSnapshot;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.MoveRequest;
import dev.guildcast.shard.v1.MoveResponse;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.PinRequest;
import dev.guildcast.shard.v1.PinResponse;
import dev.guildcast.shard.v1.ShardKind;
import dev.guildcast.shard.v1.ShardRef;
import dev.guildcast.shard.v1.Topology;
import dev.guildcast.shard.v1.UnpinRequest;
import dev.guildcast.shard.v1.UnpinResponse;
import dev.guildcast.shard.v1.WatchRequest;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The coordinator's gRPC service. Every replica serves the map, only the leader everything else; nothing here blocks.
final class GrpcShardEndpoint extends CoordinatorGrpc.CoordinatorImplBase {
    /// A `PendingDrain` call without a deadline is answered after this at the latest, so that none waits forever.
    private static final long DRAIN_MILLIS_MAX = 600_000;

    /// A `PendingDrain` call is answered this long before its deadline, so that the response arrives in time.
    private static final long DRAIN_MARGIN_MILLIS = 200;

    /// Characters of a node id or address: bounds what the state topic stores for a node.
    private static final int NAME_CHARS_MAX = 200;

    private final CoordinatorReplica replica;
    private final ShardMapPublisher publisher;
    private final Topology topology;

    GrpcShardEndpoint(CoordinatorReplica replica, ShardMapPublisher publisher, InstallationProperties installation) {
        this.replica = replica;
        this.publisher = publisher;
        var shards = installation.toTopology();
        this.topology = Topology.newBuilder()
                .setGuildShards(shards.guildShards())
                .setDedicatedShards(shards.dedicatedShards())
                .setUserShards(shards.userShards())
                .setSessionShards(shards.sessionShards())
                .setPrefix(installation.kafka().prefix())
                .build();
    }

    @Override
    public StreamObserver<NodeReport> register(StreamObserver<Directive> directives) {
        // The calls on the stream run in other contexts.
        var caller = GrpcCallAuthorizer.CALLER.get();
        return new GrpcNodeStream(
                replica,
                (ServerCallStreamObserver<Directive>) directives,
                hello -> validateHello(hello, caller),
                this::notLeader);
    }

    /// The kinds of shards that a node of this role may own.
    private static Set<ShardKind> kindsOf(@Nullable Caller caller) {
        if (caller == null) {
            return Set.of();
        }
        return switch (caller.role()) {
            case SESSION -> Set.of(ShardKind.SESSION);
            case FANOUT -> Set.of(ShardKind.GUILD, ShardKind.USER);
            case GATEWAY, PRESENCE, VOICE, COORDINATOR, VOICE_SERVER, OPERATOR, PUBLISHER -> Set.of();
        };
    }

    private @Nullable StatusRuntimeException validateHello(NodeHello hello, @Nullable Caller caller) {
        if (isInvalidName(hello.getNodeId()) || isInvalidName(hello.getAddress())) {
            return GrpcErrors.invalid("node_id and address must have 1 to " + NAME_CHARS_MAX + " characters");
        }
        boolean known = hello.getKindsList().stream()
                .allMatch(kind -> kind != ShardKind.UNRECOGNIZED && kind != ShardKind.SHARD_KIND_UNSPECIFIED);
        if (!known || hello.getKindsCount() == 0) {
            return GrpcErrors.invalid("kinds " + hello.getKindsList() + " (expected: any of GUILD, USER, SESSION)");
        }
        if (!kindsOf(caller).containsAll(hello.getKindsList())) {
            return GrpcErrors.invalid("kinds " + hello.getKindsList() + " (expected: " + kindsOf(caller)
                    + ", which the role of this caller may own)");
        }
        return hello.getTopology().equals(topology)
                ? null
                : GrpcCoordinatorErrors.topologyDiffers(
                        "node " + hello.getNodeId() + " is configured with guildcast.topology.* "
                                + describe(hello.getTopology()) + " (expected: " + describe(topology)
                                + ", with which the topics were created)");
    }

    private static boolean isInvalidName(String text) {
        return text.isBlank() || text.length() > NAME_CHARS_MAX;
    }

    private static String describe(Topology value) {
        return "guild-shards=" + value.getGuildShards() + " dedicated-shards=" + value.getDedicatedShards()
                + " user-shards=" + value.getUserShards() + " session-shards=" + value.getSessionShards()
                + " kafka.prefix=" + value.getPrefix();
    }

    /// Names the leader only if it is another replica: one that steps down does not name itself.
    private StatusRuntimeException notLeader() {
        return GrpcCoordinatorErrors.notLeader(replica.leader()
                .filter(leader -> !replica.isSelf(leader))
                .map(Leader::address)
                .orElse(""));
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<MapUpdate> updates) {
        var call = (ServerCallStreamObserver<MapUpdate>) updates;
        var sink = new WatchSink(call);
        // The handlers must be set before this method returns, but the watcher may already pump before that.
        call.setOnReadyHandler(sink::pump);
        call.setOnCancelHandler(sink::cancel);
        publisher
                .watch(request.getFromRevision(), sink)
                .ifPresentOrElse(sink::start, () -> call.onError(GrpcErrors.tooManyWatchers(publisher.watchersMax())));
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> response) {
        var deadline = Context.current().getDeadline();
        long timeoutMillis = deadline == null
                ? DRAIN_MILLIS_MAX
                : Math.clamp(deadline.timeRemaining(TimeUnit.MILLISECONDS) - DRAIN_MARGIN_MILLIS, 0, DRAIN_MILLIS_MAX);
        Consumer<Integer> onShardsLeft = shards -> {
            if (shards == LeaderTerm.PendingDrain.DEPOSED) {
                response.onError(notLeader());
            } else {
                reply(response, DrainResponse.newBuilder().setShardsLeft(shards).build());
            }
        };
        operate(
                response,
                leadership -> leadership.drain(request.getNodeId(), timeoutMillis, onShardsLeft),
                revision -> null);
    }

    @Override
    public void move(MoveRequest request, StreamObserver<MoveResponse> response) {
        withShard(
                request.getShard(),
                response,
                shard -> operate(
                        response,
                        leadership -> leadership.move(shard, request.getToNode()),
                        revision ->
                                MoveResponse.newBuilder().setRevision(revision).build()));
    }

    @Override
    public void pin(PinRequest request, StreamObserver<PinResponse> response) {
        withShard(
                request.getShard(),
                response,
                shard -> operate(
                        response,
                        leadership -> leadership.pin(shard, request.getNodeId()),
                        revision ->
                                PinResponse.newBuilder().setRevision(revision).build()));
    }

    @Override
    public void unpin(UnpinRequest request, StreamObserver<UnpinResponse> response) {
        withShard(
                request.getShard(),
                response,
                shard -> operate(
                        response,
                        leadership -> leadership.unpin(shard),
                        revision ->
                                UnpinResponse.newBuilder().setRevision(revision).build()));
    }

    @Override
    public void getMap(GetMapRequest request, StreamObserver<MapSnapshot> response) {
        var state = publisher.state();
        var map = ShardMap.of(state);
        var snapshot = MapSnapshot.newBuilder()
                .setRevision(map.revision())
                .setTopology(topology)
                .addAllEntries(map.entries().values());
        if (state.leader() != null) {
            snapshot.setLeader(state.leader().address());
        }
        state.nodes().values().forEach(node -> snapshot.addNodes(NodeEntries.of(node, state)));
        reply(response, snapshot.build());
    }

    private static void withShard(ShardRef ref, StreamObserver<?> response, Consumer<ShardId> then) {
        ShardId shard;
        try {
            shard = ShardId.of(ref);
        } catch (IllegalArgumentException invalid) {
            response.onError(GrpcErrors.invalid(String.valueOf(invalid.getMessage())));
            return;
        }
        then.accept(shard);
    }

    private interface LeaderOperation {
        OperationResult run(LeaderTerm leadership) throws StoreException;
    }

    private interface ResponseFactory<T> {
        /// Null if the response is sent later.
        @Nullable
        T create(long revision);
    }

    private <T> void operate(
            StreamObserver<T> response, LeaderOperation operation, ResponseFactory<T> responseFactory) {
        var offer = replica.offer(new CoordinatorReplica.LeaderRequest() {
            @Override
            public void runAsLeader(LeaderTerm leadership) throws StoreException {
                OperationResult result;
                try {
                    result = operation.run(leadership);
                } catch (StoreException fault) {
                    response.onError(notLeader());
                    throw fault;
                }
                switch (result) {
                    case OperationResult.Rejected rejected -> response.onError(GrpcErrors.of(rejected));
                    case OperationResult.Accepted ignored -> {
                        var message = responseFactory.create(leadership.revision());
                        if (message != null) {
                            reply(response, message);
                        }
                    }
                }
            }

            @Override
            public void rejectNotLeader() {
                response.onError(notLeader());
            }
        });
        switch (offer) {
            case ACCEPTED -> {
                // The loop sends the response.
            }
            case FULL -> response.onError(GrpcErrors.queueFull(replica.tasksMax()));
            case CLOSED -> response.onError(GrpcErrors.closing());
        }
    }

    private static <T> void reply(StreamObserver<T> response, T message) {
        response.onNext(message);
        response.onCompleted();
    }

    /// A watcher's stream.
    private static final class WatchSink implements ShardMapPublisher.UpdateSink {
        private final ServerCallStreamObserver<MapUpdate> call;
        private ShardMapPublisher.@Nullable MapWatcher watcher;
        private boolean cancelled;

        WatchSink(ServerCallStreamObserver<MapUpdate> call) {
            this.call = call;
        }

        void start(ShardMapPublisher.MapWatcher started) {
            synchronized (this) {
                watcher = started;
                if (cancelled) {
                    started.cancel();
                }
            }
            started.pump();
        }

        void pump() {
            ShardMapPublisher.MapWatcher current;
            synchronized (this) {
                current = watcher;
            }
            if (current != null) {
                current.pump();
            }
        }

        synchronized void cancel() {
            cancelled = true;
            if (watcher != null) {
                watcher.cancel();
            }
        }

        @Override
        public boolean isReady() {
            return call.isReady() && !call.isCancelled();
        }

        @Override
        public void send(MapUpdate update) {
            call.onNext(update);
        }
    }
}
