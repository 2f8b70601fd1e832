package dev.guildcast.fanout.ingress;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.guildcast.contract.catalogue.PublisherContext;
import dev.guildcast.event.v1.Accepted;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.event.v1.RefusedEvent;
import dev.guildcast.fanout.publisher.Publisher;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One call of `Ingress.Publish`: events in, responses out in the same order.
///
/// - **Owner:** its lock; requests come on the gRPC executor, outcomes on the thread that acknowledges appends.
/// - **Bound:** `outstandingMax` events; the next is requested when a response was sent and the caller reads them.
/// - **Promise:** an event is acknowledged after its append. When the log does not acknowledge, the call ends with
///   UNAVAILABLE, and beyond the publisher's quota with RESOURCE_EXHAUSTED, after all earlier responses; what follows
/// was not acknowledged and is published again.
final class GrpcPublishCall implements StreamObserver<PublishRequest> {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private record PendingResponse(long id, CompletableFuture<PublishOutcome> outcome) {}

    private final EventStream events;
    private final Publisher publisher;
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
            Publisher publisher,
            ServerCallStreamObserver<PublishResponse> responses,
            int outstandingMax) {
        this.events = events;
        this.publisher = publisher;
        this.context = PublisherContext.authenticatedAs(publisher.name());
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
        var outcome = events.publish(request.getEvent().toByteArray(), context, publisher);
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
            case PublishOutcome.Limited limited -> {
                var retry = RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder()
                                .setSeconds(limited.retryNanos() / NANOS_PER_SECOND)
                                .setNanos((int) (limited.retryNanos() % NANOS_PER_SECOND)));
                end(Code.RESOURCE_EXHAUSTED, id, limited.reason(), "QUOTA_EXCEEDED", Any.pack(retry.build()));
            }
            case PublishOutcome.Unavailable unavailable ->
                end(Code.UNAVAILABLE, id, unavailable.reason(), "APPEND_UNAVAILABLE");
        }
    }

    private void end(Code code, long id, String cause, String reason, Any... details) {
        closed = true;
        responses.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage("event " + Long.toUnsignedString(id) + " was not acknowledged: " + cause)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain("guildcast.dev")
                        .build()))
                .addAllDetails(List.of(details))
                .build()));
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
