package dev.guildcast.shard.call;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A unary gRPC call as a [Mono]: made once for each subscription, and cancelled at the peer when the subscription is,
/// for instance by a guard's time limit.
///
/// Signals on the channel's executor; never blocks.
public final class GrpcCall {
    private GrpcCall() {}

    /// @param start calls a stub's method with the given observer; the stub sets any deadline
    /// @return the response; empty when the peer completes without one; else the status as an error
    public static <A> Mono<A> unary(Consumer<StreamObserver<A>> start) {
        return Mono.create(sink -> {
            // A fork: the end of a call that this thread is serving does not end this one.
            var context = Context.current().fork().withCancellation();
            sink.onDispose(() -> context.cancel(null));
            context.run(() -> start.accept(new ResponseObserver<>(sink)));
        });
    }

    /// Holds the response until the call's status is known, since completing the Mono cancels the call.
    private static final class ResponseObserver<A> implements StreamObserver<A> {
        private final MonoSink<A> sink;
        private @Nullable A response;

        ResponseObserver(MonoSink<A> sink) {
            this.sink = sink;
        }

        @Override
        public void onNext(A response) {
            this.response = response;
        }

        @Override
        public void onError(Throwable failure) {
            sink.error(failure);
        }

        @Override
        public void onCompleted() {
            sink.success(response);
        }
    }
}
