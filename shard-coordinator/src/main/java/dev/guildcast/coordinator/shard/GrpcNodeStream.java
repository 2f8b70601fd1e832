package dev.guildcast.coordinator.shard;

import dev.guildcast.contract.ShardId;
import dev.guildcast.coordinator.Node;
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
/// - **Owner:** reports come on gRPC's thread, one at a time; directives from the replica's loop.
/// - **Bound:** one report waits for the loop, the next is not asked for before it is done. Directives are as many as
///   the shards; a node that takes none loses its lease.
final class GrpcNodeStream implements StreamObserver<NodeReport>, NodeStream {
    private final CoordinatorReplica replica;
    private final ServerCallStreamObserver<Directive> call;
    private final Function<NodeHello, @Nullable StatusRuntimeException> check;
    private final Supplier<StatusRuntimeException> notLeader;
    private @Nullable Node node;
    private boolean over;

    /// @param check says what is wrong with a hello; null if nothing
    GrpcNodeStream(
            CoordinatorReplica replica,
            ServerCallStreamObserver<Directive> call,
            Function<NodeHello, @Nullable StatusRuntimeException> check,
            Supplier<StatusRuntimeException> notLeader) {
        this.replica = replica;
        this.call = call;
        this.check = check;
        this.notLeader = notLeader;
        call.disableAutoRequest();
        call.setOnCancelHandler(() -> lose(false));
        call.request(1);
    }

    @Override
    public void onNext(NodeReport report) {
        boolean first = node == null;
        if (first) {
            if (!report.hasHello()) {
                fail(GrpcRefusal.invalid("the first message lacks `hello`"));
                return;
            }
            var wrong = check.apply(report.getHello());
            if (wrong != null) {
                fail(wrong);
                return;
            }
            node = node(report.getHello());
        }
        var from = node;
        if (from == null) {
            return;
        }
        var offer = replica.offer(new CoordinatorReplica.Task() {
            @Override
            public void lead(Leadership leadership) throws StoreException {
                if (first) {
                    leadership.join(from, report.getShardsList(), report.getLeaving(), GrpcNodeStream.this);
                } else {
                    leadership.report(from.id(), report.getShardsList(), report.getLeaving(), GrpcNodeStream.this);
                }
                call.request(1);
            }

            @Override
            public void notLeading() {
                fail(notLeader.get());
            }
        });
        switch (offer) {
            case ACCEPTED -> {
                // The loop asks for the next.
            }
            case FULL -> fail(GrpcRefusal.busy());
            case CLOSED -> fail(GrpcRefusal.closing());
        }
    }

    private static Node node(NodeHello hello) {
        var kinds = new HashSet<ShardId.Kind>();
        hello.getKindsList().forEach(kind -> kinds.add(ShardId.of(kind, 0).kind()));
        return new Node(hello.getNodeId(), hello.getAddress(), kinds, hello.getLabelsMap(), false);
    }

    @Override
    public void onError(Throwable broken) {
        lose(false);
    }

    @Override
    public void onCompleted() {
        lose(true);
        synchronized (this) {
            if (!over) {
                over = true;
                call.onCompleted();
            }
        }
    }

    private void lose(boolean ended) {
        var lost = node;
        if (lost != null) {
            replica.offer(new CoordinatorReplica.Task() {
                @Override
                public void lead(Leadership leadership) {
                    leadership.lose(lost.id(), GrpcNodeStream.this, ended);
                }

                @Override
                public void notLeading() {
                    // Nobody counts on the stream.
                }
            });
        }
    }

    @Override
    public synchronized void direct(Directive directive) {
        if (!over && !call.isCancelled()) {
            call.onNext(directive);
        }
    }

    @Override
    public void depose() {
        fail(notLeader.get());
    }

    @Override
    public void end(String why) {
        fail(GrpcRefusal.ended(why));
    }

    private synchronized void fail(StatusRuntimeException status) {
        if (!over) {
            over = true;
            if (!call.isCancelled()) {
                call.onError(status);
            }
        }
    }
}
