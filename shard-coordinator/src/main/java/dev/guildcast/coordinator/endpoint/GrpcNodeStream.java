package dev.guildcast.coordinator.endpoint;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
import dev.guildcast.coordinator.replica.CoordinatorReplica;
import dev.guildcast.coordinator.replica.LeaderTerm;
import dev.guildcast.coordinator.replica.NodeStatus;
import dev.guildcast.coordinator.replica.NodeStream;
import dev.guildcast.coordinator.store.StoreException;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.NodeHello;
import dev.guildcast.shard.v1.NodeReport;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One `Register` call.
///
/// - **Owner:** reports arrive on gRPC's thread, one at a time; directives are sent by the replica's loop.
/// - **Bound:** one report waits for the loop; the next is requested when it was processed. Queued directives are
///   bounded by the number of shards; a node that reads none loses its lease.
final class GrpcNodeStream implements StreamObserver<NodeReport>, NodeStream {
    private final CoordinatorReplica replica;
    private final ServerCallStreamObserver<Directive> call;
    private final Function<NodeHello, @Nullable StatusRuntimeException> helloValidator;
    private final Supplier<StatusRuntimeException> notLeader;
    private @Nullable Node node;
    private boolean closed;

    /// @param helloValidator returns the error of an invalid hello; null if it is valid
    GrpcNodeStream(
            CoordinatorReplica replica,
            ServerCallStreamObserver<Directive> call,
            Function<NodeHello, @Nullable StatusRuntimeException> helloValidator,
            Supplier<StatusRuntimeException> notLeader) {
        this.replica = replica;
        this.call = call;
        this.helloValidator = helloValidator;
        this.notLeader = notLeader;
        call.disableAutoRequest();
        call.setOnCancelHandler(() -> detach(false));
        call.request(1);
    }

    @Override
    public void onNext(NodeReport report) {
        boolean first = node == null;
        if (first) {
            if (!report.hasHello()) {
                fail(GrpcErrors.invalid("the first message of a stream must contain `hello`"));
                return;
            }
            var error = helloValidator.apply(report.getHello());
            if (error != null) {
                fail(error);
                return;
            }
            node = node(report.getHello());
        }
        var sender = node;
        if (sender == null) {
            return;
        }
        var offer = replica.offer(new CoordinatorReplica.LeaderRequest() {
            @Override
            public void runAsLeader(LeaderTerm leadership) throws StoreException {
                if (first) {
                    leadership.onJoin(sender, NodeStatus.of(report), GrpcNodeStream.this);
                } else {
                    leadership.onReport(sender.id(), NodeStatus.of(report), GrpcNodeStream.this);
                }
                call.request(1);
            }

            @Override
            public void rejectNotLeader() {
                fail(notLeader.get());
            }
        });
        switch (offer) {
            case ACCEPTED -> {
                // The loop requests the next report.
            }
            case FULL -> fail(GrpcErrors.queueFull(replica.tasksMax()));
            case CLOSED -> fail(GrpcErrors.closing());
        }
    }

    private static Node node(NodeHello hello) {
        var kinds = new HashSet<ShardId.Kind>();
        hello.getKindsList().forEach(kind -> kinds.add(ShardId.of(kind, 0).kind()));
        return new Node(hello.getNodeId(), hello.getAddress(), kinds, hello.getLabelsMap(), false);
    }

    @Override
    public void onError(Throwable broken) {
        detach(false);
    }

    @Override
    public void onCompleted() {
        detach(true);
        synchronized (this) {
            if (!closed) {
                closed = true;
                call.onCompleted();
            }
        }
    }

    private void detach(boolean ended) {
        var lost = node;
        if (lost != null) {
            replica.offer(new CoordinatorReplica.LeaderRequest() {
                @Override
                public void runAsLeader(LeaderTerm leadership) {
                    leadership.onStreamLost(lost.id(), GrpcNodeStream.this, ended);
                }

                @Override
                public void rejectNotLeader() {
                    // Only a leader tracks streams.
                }
            });
        }
    }

    @Override
    public synchronized void send(Directive directive) {
        if (!closed && !call.isCancelled()) {
            call.onNext(directive);
        }
    }

    @Override
    public void endNotLeader() {
        fail(notLeader.get());
    }

    @Override
    public void end(String reason) {
        fail(GrpcErrors.streamEnded(reason));
    }

    private synchronized void fail(StatusRuntimeException status) {
        if (!closed) {
            closed = true;
            if (!call.isCancelled()) {
                call.onError(status);
            }
        }
    }
}
