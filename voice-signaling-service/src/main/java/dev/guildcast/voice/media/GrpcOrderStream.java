package dev.guildcast.voice.signaling;

import dev.guildcast.voice.v1.ServerOrder;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/// The stream of commands to one voice server.
///
/// - **Owner:** its lock; any thread may call, none blocks on the network.
/// - **Bound:** [#QUEUED_MAX] commands; the stream of a server that does not read is ended, and the server must
///   register again.
final class GrpcServerCommandStream implements Consumer<ServerOrder> {
    /// Commands that may wait for the server: about one for each session of a large server, under 1 KB each.
    static final int QUEUED_MAX = 4096;

    private final ServerCallStreamObserver<ServerOrder> call;
    private final VoiceMetrics metrics;
    private final Queue<ServerOrder> queued = new ArrayDeque<>();
    private boolean ended;

    GrpcServerCommandStream(ServerCallStreamObserver<ServerOrder> call, VoiceMetrics metrics) {
        this.call = call;
        this.metrics = metrics;
        call.setOnReadyHandler(this::drain);
        call.setOnCancelHandler(this::onCancelled);
    }

    @Override
    public void accept(ServerOrder command) {
        synchronized (this) {
            if (ended) {
                metrics.commandDropped();
            } else if (queued.size() == QUEUED_MAX) {
                end(Status.RESOURCE_EXHAUSTED.withDescription(
                        queued.size() + " orders are queued unread (at most " + QUEUED_MAX + "); register again"));
            } else {
                queued.add(command);
                drain();
            }
        }
    }

    /// Ends the stream; normally if the status is OK.
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

    synchronized boolean isEnded() {
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
