package dev.guildcast.fanout.ingress;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.guildcast.contract.catalogue.PublisherContext;
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

/// One call of `Ingress.Publish`: events in, responses out in the same order.
///
/// - **Owner:** its lock; requests come on the gRPC executor, outcomes on the thread that acknowledges appends.
/// - **Bound:** `outstandingMax` events; the next is requested when a response was sent and the caller reads them.
/// - **Promise:** an event is acknowledged after its append. When the log does not acknowledge, the call ends with
///   UNAVAILABLE after all earlier responses; what follows was not acknowledged and is published again.
final class GrpcPublishCall implements StreamObserver<PublishRequest> {
    private record PendingResponse(long id, CompletableFuture<PublishOutcome> outcome) {}

    private final EventStream events;
    private final PublisherContext context;
    private final ServerCallStreamObserver<PublishResponse> responses;
    private final int outstandingMax;

    private final Deque<PendingResponse> pending = new ArrayDeque<>();
    /// Responses sent whose next request is withheld, because the caller does not read.
    private int deferredRequests;

    private boolean completed;
    private boolean closed;

    GrpcPublishCall(
            EventStream events,
            PublisherContext context,
            ServerCallStreamObserver<PublishResponse> responses,
            int outstandingMax) {
        this.events = events;
        this.context = context;
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
        // In order: the transport delivers one at a time, and a response waits for the ones before it.
        var outcome = events.publish(request.getEvent().toByteArray(), context);
        synchronized (this) {
            pending.add(new PendingResponse(request.getId(), outcome));
        }
        var unused = outcome.thenRun(this::respond);
    }

    @Override
    public synchronized void onError(Throwable failure) {
        closed = true;
    }

    @Override
    public synchronized void onCompleted() {
        completed = true;
        respond();
    }

    private synchronized void onCancel() {
        closed = true;
    }

    private synchronized void onReady() {
        if (deferredRequests > 0 && !closed) {
            responses.request(deferredRequests);
            deferredRequests = 0;
        }
    }

    private synchronized void respond() {
        while (!closed && !pending.isEmpty() && pending.element().outcome().isDone()) {
            var head = pending.remove();
            respond(head.id(), head.outcome().join());
        }
        if (!closed && completed && pending.isEmpty()) {
            closed = true;
            responses.onCompleted();
        }
    }

    private void respond(long id, PublishOutcome outcome) {
        var response = PublishResponse.newBuilder().setId(id);
        switch (outcome) {
            case PublishOutcome.Accepted accepted ->
                send(response.setAccepted(Accepted.newBuilder()
                        .setTopic(accepted.firstRecord().log().topic())
                        .setPartition(accepted.firstRecord().partition())
                        .setOffset(accepted.firstRecord().offset())));
            case PublishOutcome.Rejected rejected ->
                send(response.setRefused(
                        RefusedEvent.newBuilder().setField(rejected.field()).setReason(rejected.reason())));
            case PublishOutcome.Unavailable unavailable -> {
                closed = true;
                responses.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Code.UNAVAILABLE_VALUE)
                        .setMessage(
                                "event " + Long.toUnsignedString(id) + " was not acknowledged: " + unavailable.reason())
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
            responses.request(1 + deferredRequests);
            deferredRequests = 0;
        } else {
            deferredRequests++;
        }
    }
}
