package dev.guildcast.shard.testing;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.shard.v1.CoordinatorGrpc;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.ShardEntry;
import dev.guildcast.shard.v1.ShardState;
import dev.guildcast.shard.v1.WatchRequest;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;

/// A node that serves a shard map on which it owns every shard.
public final class FakeNode extends CoordinatorGrpc.CoordinatorImplBase implements AutoCloseable {
    private final Topology topology;
    private final Server server;

    /// @param host what the owner of the shards serves
    public FakeNode(Topology topology, BindableService host) throws IOException {
        this.topology = topology;
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(this)
                .addService(host)
                .build()
                .start();
    }

    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<MapUpdate> responses) {
        var map = MapUpdate.newBuilder().setRevision(1).setSnapshot(true);
        for (ShardId shard : topology.shards()) {
            map.addEntries(ShardEntry.newBuilder()
                    .setShard(shard.toRef())
                    .setState(ShardState.ACTIVE)
                    .setOwnerNode("node")
                    .setOwnerAddress(address())
                    .setEpoch(1));
        }
        responses.onNext(map.build());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
