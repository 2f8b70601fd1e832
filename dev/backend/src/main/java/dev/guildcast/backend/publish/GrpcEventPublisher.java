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

/// Publishes over one stream, and again over the next when it breaks.
///
/// Each event has a number that rises, also over restarts of this process: it starts with the time. After a break all
/// events without an answer are sent again under their numbers, in order; Guildcast recognises those it has.
///
/// - **Owner:** its lock; any thread publishes, gRPC's threads answer.
/// - **Bound:** `outstandingMax` events without an answer.
/// - **Promise:** an event is in the log once when its future has completed, whatever broke in between.
public final class GrpcEventPublisher implements EventPublisher, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcEventPublisher.class);
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);

    private record Pending(PublishRequest request, CompletableFuture<Void> done) {}

    private final PublishProperties properties;
    private final IngressGrpc.IngressStub ingress;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ingress-retry").factory());
    private final Map<Long, Pending> outstanding = new LinkedHashMap<>();
    private @Nullable Stream stream;
    private boolean retrying;
    private boolean closed;
    private Duration retryAfter = RETRY_FIRST;
    private long sequence;

    /// @param firstSequence above every number that an earlier process of this publisher used
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
                    new PublishFailed(closed ? "closed" : "too many events without an answer"));
        }
        long number = sequence++;
        var marked = event.deepCopy().put("publisher", properties.publisher()).put("sequence", number);
        var request = PublishRequest.newBuilder()
                .setId(number)
                .setEvent(ByteString.copyFromUtf8(marked.toString()))
                .build();
        var pending = new Pending(request, new CompletableFuture<>());
        outstanding.put(number, pending);
        if (stream != null) {
            stream.send(request);
        } else if (!retrying) {
            open();
        }
        return pending.done();
    }

    private synchronized void open() {
        retrying = false;
        if (closed || stream != null) {
            return;
        }
        var fresh = new Stream();
        stream = fresh;
        fresh.requests = ingress.publish(fresh);
        outstanding.values().forEach(pending -> fresh.send(pending.request()));
    }

    private synchronized void ended(Stream which, Status why) {
        if (stream != which) {
            return;
        }
        stream = null;
        if (closed) {
            return;
        }
        log.warn("the ingress ended the stream: {}; {} events wait", why.getCode(), outstanding.size());
        retrying = true;
        var unused = timer.schedule(this::open, retryAfter.toMillis(), TimeUnit.MILLISECONDS);
        var doubled = retryAfter.multipliedBy(2);
        retryAfter = doubled.compareTo(RETRY_LONGEST) > 0 ? RETRY_LONGEST : doubled;
    }

    private void answered(PublishResponse answer) {
        @Nullable Pending pending;
        synchronized (this) {
            pending = outstanding.remove(answer.getId());
            retryAfter = RETRY_FIRST;
        }
        if (pending == null) {
            return;
        }
        switch (answer.getResultCase()) {
            case ACCEPTED -> pending.done().complete(null);
            case REFUSED, RESULT_NOT_SET -> {
                var refused = answer.getRefused();
                log.warn("an event was refused: {} {}", refused.getField(), refused.getReason());
                pending.done().completeExceptionally(new PublishFailed(refused.getField() + " " + refused.getReason()));
            }
        }
    }

    @Override
    public void close() {
        Map<Long, Pending> left;
        synchronized (this) {
            closed = true;
            left = Map.copyOf(outstanding);
            outstanding.clear();
            if (stream != null) {
                stream.complete();
            }
        }
        timer.shutdownNow();
        left.values().forEach(pending -> pending.done().completeExceptionally(new PublishFailed("closed")));
    }

    /// One stream; its answers come on gRPC's threads.
    private final class Stream implements StreamObserver<PublishResponse> {
        private @Nullable StreamObserver<PublishRequest> requests;

        void send(PublishRequest request) {
            try {
                if (requests != null) {
                    requests.onNext(request);
                }
            } catch (IllegalStateException e) {
                // It has ended, and is about to say so.
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
        public void onNext(PublishResponse answer) {
            answered(answer);
        }

        @Override
        public void onError(Throwable e) {
            ended(this, Status.fromThrowable(e));
        }

        @Override
        public void onCompleted() {
            ended(this, Status.OK);
        }
    }
}
