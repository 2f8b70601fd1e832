package dev.guildcast.backend.publish;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Publishes over one gRPC stream, and resends over the next one when it breaks.
///
/// Each event has a sequence that rises, also across restarts of this process: it starts from the time. After a break
/// all unacknowledged events are resent with their sequences, in order; ingress recognises those it has appended.
///
/// - **Owner:** its lock; any thread publishes, responses arrive on gRPC's threads.
/// - **Bound:** `outstandingMax` unacknowledged events.
/// - **Promise:** when its future has completed, an event is in the log exactly once, whatever broke in between.
public final class GrpcEventPublisher implements EventPublisher, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcEventPublisher.class);
    /// Short, because most breaks are a restart of one instance behind the same address.
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    /// Long enough not to load an ingress that stays away, short enough for a person who waits for it.
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);

    private record PendingPublish(PublishRequest request, CompletableFuture<Void> done) {}

    private final PublishProperties properties;
    private final IngressGrpc.IngressStub ingress;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ingress-retry").factory());
    private final Map<Long, PendingPublish> outstanding = new LinkedHashMap<>();
    private @Nullable PublishStream stream;
    private boolean retrying;
    private boolean closed;
    private Duration retryAfter = RETRY_FIRST;
    private long sequence;

    /// @param firstSequence above every sequence that an earlier process of this publisher used
    public GrpcEventPublisher(Channel channel, PublishProperties properties, long firstSequence) {
        this.properties = properties;
        this.sequence = firstSequence;
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + properties.token());
        this.ingress =
                IngressGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public synchronized CompletableFuture<Void> publish(ObjectNode event) {
        if (closed || outstanding.size() >= properties.outstandingMax()) {
            return CompletableFuture.failedFuture(
                    new PublishException(closed ? "closed" : "too many unacknowledged events"));
        }
        long eventSequence = sequence++;
        var marked = event.deepCopy().put("publisher", properties.publisher()).put("sequence", eventSequence);
        var request = PublishRequest.newBuilder()
                .setId(eventSequence)
                .setEvent(ByteString.copyFromUtf8(marked.toString()))
                .build();
        var pending = new PendingPublish(request, new CompletableFuture<>());
        outstanding.put(eventSequence, pending);
        if (stream != null) {
            stream.send(request);
        } else if (!retrying) {
            openStream();
        }
        return pending.done();
    }

    private synchronized void openStream() {
        retrying = false;
        if (closed || stream != null) {
            return;
        }
        var opened = new PublishStream();
        stream = opened;
        opened.requests = ingress.publish(opened);
        outstanding.values().forEach(pending -> opened.send(pending.request()));
    }

    private synchronized void onStreamEnded(PublishStream endedStream, Status reason) {
        if (stream != endedStream) {
            return;
        }
        stream = null;
        if (closed) {
            return;
        }
        log.warn(
                "ingress ended the publish stream: {}; {} unacknowledged events are resent over the next one",
                reason.getCode(),
                outstanding.size());
        retrying = true;
        var unused = timer.schedule(this::openStream, retryAfter.toMillis(), TimeUnit.MILLISECONDS);
        var doubled = retryAfter.multipliedBy(2);
        retryAfter = doubled.compareTo(RETRY_LONGEST) > 0 ? RETRY_LONGEST : doubled;
    }

    private void onResponse(PublishResponse response) {
        @Nullable PendingPublish pending;
        synchronized (this) {
            pending = outstanding.remove(response.getId());
            retryAfter = RETRY_FIRST;
        }
        if (pending == null) {
            return;
        }
        switch (response.getResultCase()) {
            case ACCEPTED -> pending.done().complete(null);
            case REFUSED, RESULT_NOT_SET -> {
                var rejected = response.getRefused();
                log.warn("ingress rejected an event: {} {}", rejected.getField(), rejected.getReason());
                pending.done()
                        .completeExceptionally(new PublishException(rejected.getField() + " " + rejected.getReason()));
            }
        }
    }

    @Override
    public void close() {
        Map<Long, PendingPublish> unacknowledged;
        synchronized (this) {
            closed = true;
            unacknowledged = Map.copyOf(outstanding);
            outstanding.clear();
            if (stream != null) {
                stream.complete();
            }
        }
        timer.shutdownNow();
        unacknowledged
                .values()
                .forEach(pending -> pending.done().completeExceptionally(new PublishException("closed")));
    }

    /// One stream; responses arrive on gRPC's threads.
    private final class PublishStream implements StreamObserver<PublishResponse> {
        private @Nullable StreamObserver<PublishRequest> requests;

        void send(PublishRequest request) {
            try {
                if (requests != null) {
                    requests.onNext(request);
                }
            } catch (IllegalStateException e) {
                // The stream has ended; its callback follows and resends the event.
            }
        }

        void complete() {
            try {
                if (requests != null) {
                    requests.onCompleted();
                }
            } catch (IllegalStateException e) {
                // It has ended.
            }
        }

        @Override
        public void onNext(PublishResponse response) {
            onResponse(response);
        }

        @Override
        public void onError(Throwable e) {
            onStreamEnded(this, Status.fromThrowable(e));
        }

        @Override
        public void onCompleted() {
            onStreamEnded(this, Status.OK);
        }
    }
}
