package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.InstallationProperties;
import dev.guildcast.coordinator.Leader;
import dev.guildcast.coordinator.store.StoreException;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The coordinator's calls. The map is served by every replica, all else by the leader; nothing here blocks.
final class GrpcShardEndpoint extends CoordinatorGrpc.CoordinatorImplBase {
    private static final long DRAIN_MILLIS_MAX = 600_000;
    /// Before a call's deadline, so that the answer is still in time.
    private static final long DRAIN_MARGIN_MILLIS = 200;

    private static final int NAME_CHARS_MAX = 200;

    private final CoordinatorReplica replica;
    private final ShardMapPublisher publisher;
    private final Topology topology;

    GrpcShardEndpoint(CoordinatorReplica replica, ShardMapPublisher publisher, InstallationProperties installation) {
        this.replica = replica;
        this.publisher = publisher;
        var shards = installation.shards();
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
        return new GrpcNodeStream(
                replica, (ServerCallStreamObserver<Directive>) directives, this::check, this::notLeader);
    }

    private @Nullable StatusRuntimeException check(NodeHello hello) {
        if (isNoName(hello.getNodeId()) || isNoName(hello.getAddress())) {
            return GrpcRefusal.invalid("node_id and address are 1 to " + NAME_CHARS_MAX + " characters");
        }
        boolean known = hello.getKindsList().stream()
                .allMatch(kind -> kind != ShardKind.UNRECOGNIZED && kind != ShardKind.SHARD_KIND_UNSPECIFIED);
        if (!known || hello.getKindsCount() == 0) {
            return GrpcRefusal.invalid("kinds " + hello.getKindsList() + " (expected: some of GUILD, USER, SESSION)");
        }
        return hello.getTopology().equals(topology)
                ? null
                : GrpcRefusal.topologyDiffers("node " + hello.getNodeId() + " is configured with guildcast.topology.* "
                        + words(hello.getTopology()) + " (expected: " + words(topology)
                        + ", with which the topics were made)");
    }

    private static boolean isNoName(String text) {
        return text.isBlank() || text.length() > NAME_CHARS_MAX;
    }

    private static String words(Topology it) {
        return "guild-shards=" + it.getGuildShards() + " dedicated-shards=" + it.getDedicatedShards() + " user-shards="
                + it.getUserShards() + " session-shards=" + it.getSessionShards() + " kafka.prefix=" + it.getPrefix();
    }

    /// Names another replica only: one that steps down is not sent its own address.
    private StatusRuntimeException notLeader() {
        return GrpcRefusal.notLeader(replica.leader()
                .filter(leader -> !replica.isSelf(leader))
                .map(Leader::address)
                .orElse(""));
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<MapUpdate> updates) {
        var call = (ServerCallStreamObserver<MapUpdate>) updates;
        var sink = new WatchSink(call);
        // The handlers must be set before this returns, and the watcher pumps before that.
        call.setOnReadyHandler(sink::pump);
        call.setOnCancelHandler(sink::leave);
        publisher
                .watch(request.getFromRevision(), sink)
                .ifPresentOrElse(sink::begin, () -> call.onError(GrpcRefusal.busy()));
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> response) {
        var deadline = Context.current().getDeadline();
        long within = deadline == null
                ? DRAIN_MILLIS_MAX
                : Math.clamp(deadline.timeRemaining(TimeUnit.MILLISECONDS) - DRAIN_MARGIN_MILLIS, 0, DRAIN_MILLIS_MAX);
        Consumer<Integer> left = shards -> {
            if (shards == Leadership.Drain.DEPOSED) {
                response.onError(notLeader());
            } else {
                answer(
                        response,
                        DrainResponse.newBuilder().setShardsLeft(shards).build());
            }
        };
        operate(response, leadership -> leadership.drain(request.getNodeId(), within, left), revision -> null);
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
        answer(response, snapshot.build());
    }

    private static void withShard(ShardRef ref, StreamObserver<?> response, Consumer<ShardId> then) {
        ShardId shard;
        try {
            shard = ShardId.of(ref);
        } catch (IllegalArgumentException none) {
            response.onError(GrpcRefusal.invalid(String.valueOf(none.getMessage())));
            return;
        }
        then.accept(shard);
    }

    private interface Operation {
        Answer on(Leadership leadership) throws StoreException;
    }

    private interface Response<T> {
        /// Null if the answer comes later.
        @Nullable
        T at(long revision);
    }

    private <T> void operate(StreamObserver<T> response, Operation operation, Response<T> done) {
        var offer = replica.offer(new CoordinatorReplica.Task() {
            @Override
            public void lead(Leadership leadership) throws StoreException {
                Answer answer;
                try {
                    answer = operation.on(leadership);
                } catch (StoreException fault) {
                    response.onError(notLeader());
                    throw fault;
                }
                switch (answer) {
                    case Answer.Refused refused -> response.onError(GrpcRefusal.of(refused));
                    case Answer.Done ignored -> {
                        var message = done.at(leadership.revision());
                        if (message != null) {
                            answer(response, message);
                        }
                    }
                }
            }

            @Override
            public void notLeading() {
                response.onError(notLeader());
            }
        });
        switch (offer) {
            case ACCEPTED -> {
                // The loop answers.
            }
            case FULL -> response.onError(GrpcRefusal.busy());
            case CLOSED -> response.onError(GrpcRefusal.closing());
        }
    }

    private static <T> void answer(StreamObserver<T> response, T message) {
        response.onNext(message);
        response.onCompleted();
    }

    /// A watcher's stream.
    private static final class WatchSink implements ShardMapPublisher.Sink {
        private final ServerCallStreamObserver<MapUpdate> call;
        private ShardMapPublisher.@Nullable Watcher watcher;
        private boolean left;

        WatchSink(ServerCallStreamObserver<MapUpdate> call) {
            this.call = call;
        }

        void begin(ShardMapPublisher.Watcher begun) {
            synchronized (this) {
                watcher = begun;
                if (left) {
                    begun.leave();
                }
            }
            begun.pump();
        }

        void pump() {
            ShardMapPublisher.Watcher current;
            synchronized (this) {
                current = watcher;
            }
            if (current != null) {
                current.pump();
            }
        }

        synchronized void leave() {
            left = true;
            if (watcher != null) {
                watcher.leave();
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
