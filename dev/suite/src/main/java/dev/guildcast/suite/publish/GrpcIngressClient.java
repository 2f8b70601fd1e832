package dev.guildcast.suite.publish;

import com.google.protobuf.UnsafeByteOperations;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Publishes events over one gRPC stream and prints the outcome of each.
///
/// - **Owner:** the publishing thread; responses arrive on gRPC's.
/// - **Bound:** `OUTSTANDING_MAX` unacknowledged events; [#publish] waits for a permit.
public final class GrpcIngressClient implements AutoCloseable {
    /// Keeps the stream busy during one acknowledgement's round trip, far below the ingress' own limit of 1024.
    private static final int OUTSTANDING_MAX = 64;
    /// The ingress' limit of a message over gRPC is 4 MB, which the id and the frame of the event are part of.
    public static final int EVENT_BYTES_MAX = (4 << 20) - 64;
    /// Longer than the move of a shard to another owner, during which its events wait.
    private static final long RESPONSE_SECONDS_MAX = 60;

    private final ManagedChannel channel;
    private final StreamObserver<PublishRequest> requests;
    private final Semaphore permits = new Semaphore(OUTSTANDING_MAX);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ConcurrentSkipListSet<Integer> outstanding = new ConcurrentSkipListSet<>();
    private final AtomicInteger rejected = new AtomicInteger();
    private final Consumer<String> console;
    private volatile @Nullable Status failure;

    private GrpcIngressClient(ManagedChannel channel, String token, Consumer<String> console) {
        this.channel = channel;
        this.console = console;
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        this.requests = IngressGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .publish(new ResponseObserver());
    }

    /// @param target `host:port`
    /// @param console receives one message per event
    public static GrpcIngressClient connect(String target, String token, Consumer<String> console) {
        return new GrpcIngressClient(
                // Responses are counted and printed on the thread they arrive on: handing them over would only add
                // latency.
                Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                        .directExecutor()
                        .build(),
                token,
                console);
    }

    /// Sends one event.
    ///
    /// @param line its line number, from 1, for the message
    /// @param event at most [#EVENT_BYTES_MAX] bytes, not changed afterwards
    /// @throws IOException if ingress does not respond
    public void publish(int line, byte[] event) throws IOException, InterruptedException {
        if (!permits.tryAcquire(RESPONSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IOException("ingress does not respond: is the suite ready?");
        }
        checkFailure();
        outstanding.add(line);
        requests.onNext(PublishRequest.newBuilder()
                .setId(line)
                .setEvent(UnsafeByteOperations.unsafeWrap(event))
                .build());
    }

    /// Waits for all responses.
    ///
    /// @return whether all events were accepted
    /// @throws IOException if ingress does not respond
    public boolean finish() throws IOException, InterruptedException {
        requests.onCompleted();
        if (!ended.await(RESPONSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IOException("ingress does not respond: is the suite ready?");
        }
        checkFailure();
        return rejected.get() == 0;
    }

    private void checkFailure() throws IOException {
        var status = failure;
        if (status != null) {
            var lines = List.copyOf(outstanding);
            throw new IOException("ingress ended the stream: " + status.getCode()
                    + (status.getDescription() == null ? "" : ", " + status.getDescription())
                    + (lines.isEmpty()
                            ? ""
                            : "; lines from " + lines.getFirst() + " to " + lines.getLast()
                                    + " are not acknowledged: publish them again"));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class ResponseObserver implements StreamObserver<PublishResponse> {
        @Override
        public void onNext(PublishResponse response) {
            outstanding.remove((int) response.getId());
            switch (response.getResultCase()) {
                case ACCEPTED -> {
                    var at = response.getAccepted();
                    console.accept("line " + response.getId() + ": " + at.getTopic() + "[" + at.getPartition()
                            + "] offset " + at.getOffset());
                }
                case REFUSED, RESULT_NOT_SET -> {
                    rejected.incrementAndGet();
                    var reason = response.getRefused();
                    console.accept("line " + response.getId() + ": rejected, "
                            + (reason.getField().isEmpty() ? "" : reason.getField() + " ") + reason.getReason());
                }
            }
            permits.release();
        }

        @Override
        public void onError(Throwable e) {
            failure = Status.fromThrowable(e);
            permits.release(OUTSTANDING_MAX);
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
