package dev.guildcast.voice.signaling;

import dev.guildcast.voice.v1.ServerOrder;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/// Orders on their way to one voice server.
///
/// - **Owner:** its lock; any thread may call, none waits for the network.
/// - **Bound:** [#QUEUED_MAX] orders; a server that reads none is cut off, and learns all when it is back.
final class GrpcOrderStream implements Consumer<ServerOrder> {
    static final int QUEUED_MAX = 4096;

    private final ServerCallStreamObserver<ServerOrder> call;
    private final VoiceMetrics metrics;
    private final Queue<ServerOrder> queued = new ArrayDeque<>();
    private boolean ended;

    GrpcOrderStream(ServerCallStreamObserver<ServerOrder> call, VoiceMetrics metrics) {
        this.call = call;
        this.metrics = metrics;
        call.setOnReadyHandler(this::drain);
        call.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void accept(ServerOrder order) {
        synchronized (this) {
            if (ended) {
                metrics.ordersDropped();
            } else if (queued.size() == QUEUED_MAX) {
                end(Status.RESOURCE_EXHAUSTED.withDescription("orders are not read"));
            } else {
                queued.add(order);
                drain();
            }
        }
    }

    /// Ends the stream, for a reason or without.
    synchronized void end(Status status) {
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

    synchronized boolean ended() {
        return ended;
    }

    private synchronized void cancelled() {
        ended = true;
        queued.clear();
    }

    private synchronized void drain() {
        while (!ended && call.isReady() && !queued.isEmpty()) {
            call.onNext(queued.remove());
        }
    }
}
