package dev.guildcast.shard.call;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/// A unary gRPC call as a [Mono]: made once for each subscription, and cancelled at the peer when that is given up, as
/// at the end of a guard's time limit.
///
/// Signals on the channel's executor; never blocks.
public final class GrpcCall {
    private GrpcCall() {}

    /// @param start calls a stub's method with the observer it is handed; a deadline is the stub's to set
    /// @return the answer; empty when the peer completes without one; else the status, as the stub reports it
    public static <A> Mono<A> unary(Consumer<StreamObserver<A>> start) {
        return Mono.create(sink -> {
            // A fork: the end of a call that is being served now does not end this one.
            var context = Context.current().fork().withCancellation();
            sink.onDispose(() -> context.cancel(null));
            context.run(() -> start.accept(new Answer<>(sink)));
        });
    }

    /// Holds the answer until the call's status is known: to end the Mono is to cancel what is left of the call.
    private static final class Answer<A> implements StreamObserver<A> {
        private final MonoSink<A> sink;
        private @Nullable A answer;

        Answer(MonoSink<A> sink) {
            this.sink = sink;
        }

        @Override
        public void onNext(A answer) {
            this.answer = answer;
        }

        @Override
        public void onError(Throwable failure) {
            sink.error(failure);
        }

        @Override
        public void onCompleted() {
            sink.success(answer);
        }
    }
}
