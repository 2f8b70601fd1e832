package dev.guildcast.shard.call;

import dev.guildcast.contract.ShardId;
import dev.guildcast.shard.ShardMapView;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/// Unary calls to the owners of shards. Every owner has its own guard: a slow or dead owner affects only the calls for
/// its own shards.
///
/// Safe on any thread; never blocks. The guards bound the calls in flight and their duration.
public final class GrpcOwnerClient {
    /// Frees an abandoned call at the owner; the guard's time limit, 1 s by default, ends the wait here before that.
    private static final long DEADLINE_MILLIS = 10_000;

    private final ShardMapView map;
    private final Function<String, Channel> channels;
    private final Function<String, CallGuard> guards;

    /// @param channels the channel to an address; owned by its supplier
    /// @param guards the guard of an address
    public GrpcOwnerClient(ShardMapView map, Function<String, Channel> channels, Function<String, CallGuard> guards) {
        this.map = map;
        this.channels = channels;
        this.guards = guards;
    }

    /// The address of a shard's owner; empty while none is known.
    public Optional<String> ownerAddress(ShardId shard) {
        return map.owner(shard).map(ShardMapView.ShardOwner::address);
    }

    /// Calls the owner that the map names at the subscription; fails with `UNAVAILABLE` while it names none.
    ///
    /// @param newStub of the generated service class
    /// @param method calls one method of that stub
    public <S extends AbstractStub<S>, R> Mono<R> call(
            ShardId shard, Function<Channel, S> newStub, BiConsumer<S, StreamObserver<R>> method) {
        return Mono.defer(() -> ownerAddress(shard)
                .map(address -> call(address, newStub, method))
                .orElseGet(() -> Mono.error(Status.UNAVAILABLE
                        .withDescription(shard + " has no known owner; retry later")
                        .asRuntimeException())));
    }

    /// As the other, to an owner whose address is known.
    public <S extends AbstractStub<S>, R> Mono<R> call(
            String address, Function<Channel, S> newStub, BiConsumer<S, StreamObserver<R>> method) {
        return guards.apply(address)
                .around(GrpcCall.unary(responses -> method.accept(
                        newStub.apply(channels.apply(address))
                                .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS),
                        responses)));
    }
}
