package dev.guildcast.shard.coordination;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.Directive;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.NodeReport;
import dev.guildcast.shard.v1.ShardEntry;
import dev.guildcast.shard.v1.WatchRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A coordinator replica whose responses the test decides.
public final class FakeCoordinator extends CoordinatorGrpc.CoordinatorImplBase implements AutoCloseable {
    final List<Long> watchedFrom = new CopyOnWriteArrayList<>();
    final List<StreamObserver<MapUpdate>> watchers = new CopyOnWriteArrayList<>();
    public final List<NodeReport> reports = new CopyOnWriteArrayList<>();
    final List<StreamObserver<Directive>> nodes = new CopyOnWriteArrayList<>();
    final List<String> ended = new CopyOnWriteArrayList<>();
    private final Server server;
    private volatile @Nullable RuntimeException refusal;

    public FakeCoordinator() {
        this(0);
    }

    FakeCoordinator(int port) {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .permitKeepAliveTime(1, TimeUnit.SECONDS)
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    int port() {
        return server.getPort();
    }

    public String address() {
        return "127.0.0.1:" + port();
    }

    public void refuseNodes(String reason, String leader) {
        var info = ErrorInfo.newBuilder().setReason(reason).setDomain("guildcast.dev");
        if (!leader.isEmpty()) {
            info.putMetadata("leader", leader);
        }
        refusal = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.FAILED_PRECONDITION.value())
                .setMessage("refused: " + reason)
                .addDetails(Any.pack(info.build()))
                .build());
    }

    void breakStreams() {
        var broken = Status.UNAVAILABLE.asRuntimeException();
        watchers.forEach(watcher -> watcher.onError(broken));
        nodes.forEach(node -> node.onError(broken));
        watchers.clear();
        nodes.clear();
    }

    static ShardEntry entry(ShardId shard, String node, String address, long epoch) {
        return ShardEntry.newBuilder()
                .setShard(shard.toRef())
                .setOwnerNode(node)
                .setOwnerAddress(address)
                .setEpoch(epoch)
                .build();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<MapUpdate> updates) {
        watchedFrom.add(request.getFromRevision());
        watchers.add(updates);
    }

    @Override
    public StreamObserver<NodeReport> register(StreamObserver<Directive> directives) {
        var refused = refusal;
        if (refused != null) {
            directives.onError(refused);
        } else {
            nodes.add(directives);
        }
        return new StreamObserver<>() {
            @Override
            public void onNext(NodeReport report) {
                reports.add(report);
            }

            @Override
            public void onError(Throwable error) {
                ended.add("broken");
            }

            @Override
            public void onCompleted() {
                ended.add("completed");
                directives.onCompleted();
            }
        };
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
