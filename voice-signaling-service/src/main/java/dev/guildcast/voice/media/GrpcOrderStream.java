package dev.guildcast.voice.media;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/// The stream of orders to one voice server.
///
/// - **Owner:** its lock; any thread may call, none blocks on the network.
/// - **Bound:** [#QUEUED_MAX] orders; the stream of a server that does not read is ended, and the server must
///   register again.
///
/// @param <T> an order
public final class GrpcOrderStream<T> implements Consumer<T> {
    /// Orders that may wait for the server: about one for each session of a large server, under 1 KB each.
    static final int QUEUED_MAX = 4096;

    private final ServerCallStreamObserver<T> call;
    private final Runnable onDropped;
    private final Queue<T> queued = new ArrayDeque<>();
    private boolean ended;

    /// @param onDropped counts an order that found the stream ended
    /// @param onCancelled when the server is gone; on a thread of gRPC
    public GrpcOrderStream(ServerCallStreamObserver<T> call, Runnable onDropped, Runnable onCancelled) {
        this.call = call;
        this.onDropped = onDropped;
        call.setOnReadyHandler(this::drain);
        call.setOnCancelHandler(() -> {
            onCancelled();
            onCancelled.run();
        });
    }

    @Override
    public void accept(T order) {
        synchronized (this) {
            if (ended) {
                onDropped.run();
            } else if (queued.size() == QUEUED_MAX) {
                end(Status.RESOURCE_EXHAUSTED.withDescription(
                        queued.size() + " orders are queued unread (at most " + QUEUED_MAX + "); register again"));
            } else {
                queued.add(order);
                drain();
            }
        }
    }

    /// Ends the stream; normally if the status is OK.
    public synchronized void end(Status status) {
        if (!ended) {
            ended = true;
            queued.clear();
            if (status.isOk()) {
                call.onCompleted();
            } else {
                call.onError(status.asRuntimeException());
            }
        }
    }

    public synchronized boolean isEnded() {
        return ended;
    }

    private synchronized void onCancelled() {
        ended = true;
        queued.clear();
    }

    private synchronized void drain() {
        while (!ended && call.isReady() && !queued.isEmpty()) {
            call.onNext(queued.remove());
        }
    }
}
