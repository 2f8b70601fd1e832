package dev.guildcast.shard.coordination;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardMapView;
import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.shard.v1.CoordinatorGrpc.CoordinatorStub;
import dev.guildcast.shard.v1.MapUpdate;
import dev.guildcast.shard.v1.ShardEntry;
import dev.guildcast.shard.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The shard map, streamed by any replica of the coordinator.
///
/// - **Owner:** the link's loop writes; any thread reads.
/// - **Bound:** one entry per shard.
/// - **Promise:** after a stream fails the last map remains, and the next stream continues from its revision.
public final class GrpcShardMap implements ShardMapView, AutoCloseable {
    private final ShardMapListeners listeners = new ShardMapListeners();
    private final GrpcCoordinatorLink link;
    private volatile Map<ShardId, ShardOwner> owners = Map.of();
    private volatile long revision;
    private @Nullable WatchStream current;

    public GrpcShardMap(CoordinatorTargets targets, CoordinationTimes times, GrpcIdentity identity) {
        this.link = new GrpcCoordinatorLink("shard-map", targets, times, identity, this::open);
    }

    /// Starts to watch; returns at once.
    public void start() {
        link.start();
    }

    @Override
    public Optional<ShardOwner> owner(ShardId shard) {
        return Optional.ofNullable(owners.get(shard));
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return listeners.add(listener);
    }

    /// Revision of the current map; 0 before the first.
    public long revision() {
        return revision;
    }

    @Override
    public void close() {
        link.close(() -> {
            if (current != null) {
                current.cancel();
            }
        });
    }

    private void open(CoordinatorStub stub) {
        var watch = new WatchStream();
        current = watch;
        stub.watch(WatchRequest.newBuilder().setFromRevision(revision).build(), watch);
    }

    private void apply(MapUpdate update) {
        var next = update.getSnapshot() ? new HashMap<ShardId, ShardOwner>() : new HashMap<>(owners);
        for (ShardEntry entry : update.getEntriesList()) {
            var shard = ShardId.of(entry.getShard());
            if (entry.getOwnerAddress().isEmpty()) {
                next.remove(shard);
            } else {
                next.put(shard, new ShardOwner(entry.getOwnerNode(), entry.getOwnerAddress(), entry.getEpoch()));
            }
        }
        boolean changed = !next.equals(owners);
        owners = Map.copyOf(next);
        revision = update.getRevision();
        if (changed) {
            listeners.notifyListeners();
        }
    }

    private final class WatchStream implements ClientResponseObserver<WatchRequest, MapUpdate> {
        private @Nullable ClientCallStreamObserver<WatchRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> requestStream) {
            call = requestStream;
        }

        void cancel() {
            if (call != null) {
                call.cancel("closed", null);
            }
        }

        @Override
        public void onNext(MapUpdate update) {
            if (current == this) {
                link.onStreamAccepted();
                apply(update);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (current == this) {
                current = null;
                link.onStreamFailed(error);
            }
        }

        @Override
        public void onCompleted() {
            onError(Status.UNAVAILABLE
                    .withDescription("the coordinator ended the watch")
                    .asRuntimeException());
        }
    }
}
