package dev.guildcast.fanout.ingress;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.guildcast.contract.catalogue.Publishing;
import dev.guildcast.event.v1.Accepted;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.event.v1.RefusedEvent;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/// One call of `Ingress.Publish`: events in, answers out in the same order.
///
/// - **Owner:** its lock; requests come on the gRPC executor, outcomes on the thread that acknowledges appends.
/// - **Bound:** `outstandingMax` events; the next is asked for when an answer was sent and the caller reads its
/// answers.
/// - **Promise:** an event is answered after its append. When the log does not answer, the call ends with UNAVAILABLE
///   after all answers before it; what follows was not answered and is published again.
final class GrpcPublishCall implements StreamObserver<PublishRequest> {
    private record Pending(long id, CompletableFuture<Outcome> outcome) {}

    private final EventStream events;
    private final Publishing publishing;
    private final ServerCallStreamObserver<PublishResponse> responses;
    private final int outstandingMax;

    private final Deque<Pending> pending = new ArrayDeque<>();
    /// Answered, but not yet asked for again, because the caller does not read.
    private int owed;

    private boolean completed;
    private boolean closed;

    GrpcPublishCall(
            EventStream events,
            Publishing publishing,
            ServerCallStreamObserver<PublishResponse> responses,
            int outstandingMax) {
        this.events = events;
        this.publishing = publishing;
        this.responses = responses;
        this.outstandingMax = outstandingMax;
    }

    void start() {
        responses.disableAutoRequest();
        responses.setOnReadyHandler(this::onReady);
        responses.setOnCancelHandler(this::onCancel);
        responses.request(outstandingMax);
    }

    @Override
    public void onNext(PublishRequest request) {
        // In order: the transport delivers one at a time, and the outcome's answer waits for its turn.
        var outcome = events.publish(request.getEvent().toByteArray(), publishing);
        synchronized (this) {
            pending.add(new Pending(request.getId(), outcome));
        }
        var unused = outcome.thenRun(this::answer);
    }

    @Override
    public synchronized void onError(Throwable failure) {
        closed = true;
    }

    @Override
    public synchronized void onCompleted() {
        completed = true;
        answer();
    }

    private synchronized void onCancel() {
        closed = true;
    }

    private synchronized void onReady() {
        if (owed > 0 && !closed) {
            responses.request(owed);
            owed = 0;
        }
    }

    private synchronized void answer() {
        while (!closed && !pending.isEmpty() && pending.element().outcome().isDone()) {
            var head = pending.remove();
            answer(head.id(), head.outcome().join());
        }
        if (!closed && completed && pending.isEmpty()) {
            closed = true;
            responses.onCompleted();
        }
    }

    private void answer(long id, Outcome outcome) {
        var response = PublishResponse.newBuilder().setId(id);
        switch (outcome) {
            case Outcome.Accepted accepted ->
                send(response.setAccepted(Accepted.newBuilder()
                        .setTopic(accepted.first().log().topic())
                        .setPartition(accepted.first().partition())
                        .setOffset(accepted.first().offset())));
            case Outcome.Refused wrong ->
                send(response.setRefused(
                        RefusedEvent.newBuilder().setField(wrong.field()).setReason(wrong.reason())));
            case Outcome.Unavailable away -> {
                closed = true;
                responses.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Code.UNAVAILABLE_VALUE)
                        .setMessage("event " + Long.toUnsignedString(id) + " was not acknowledged: " + away.reason())
                        .addDetails(Any.pack(ErrorInfo.newBuilder()
                                .setReason("APPEND_UNAVAILABLE")
                                .setDomain("guildcast.dev")
                                .build()))
                        .build()));
            }
        }
    }

    private void send(PublishResponse.Builder response) {
        responses.onNext(response.build());
        if (responses.isReady()) {
            responses.request(1 + owed);
            owed = 0;
        } else {
            owed++;
        }
    }
}
