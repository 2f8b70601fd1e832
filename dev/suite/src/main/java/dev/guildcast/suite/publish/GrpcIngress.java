package dev.guildcast.suite.publish;

import com.google.protobuf.ByteString;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Publishes lines over one stream and says in a sentence what became of each.
///
/// - **Owner:** the thread that publishes; answers come on gRPC's.
/// - **Bound:** `OUTSTANDING_MAX` events without an answer; [#publish] waits for room.
public final class GrpcIngress implements AutoCloseable {
    private static final int OUTSTANDING_MAX = 64;
    private static final long ANSWER_SECONDS_MAX = 60;

    private final ManagedChannel channel;
    private final StreamObserver<PublishRequest> requests;
    private final Semaphore room = new Semaphore(OUTSTANDING_MAX);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger refused = new AtomicInteger();
    private final Consumer<String> says;
    private volatile @Nullable Status failure;

    private GrpcIngress(ManagedChannel channel, String token, Consumer<String> says) {
        this.channel = channel;
        this.says = says;
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        this.requests = IngressGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .publish(new Answers());
    }

    /// @param target `host:port`
    /// @param says takes one sentence for each event
    public static GrpcIngress connect(String target, String token, Consumer<String> says) {
        return new GrpcIngress(
                // Answers are counted and said where they arrive: a thread to hand them to would only cost time.
                Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                        .directExecutor()
                        .build(),
                token,
                says);
    }

    /// Sends one event.
    ///
    /// @param line its number, from 1, for the sentence
    /// @throws IOException if the ingress does not answer
    public void publish(int line, String event) throws IOException, InterruptedException {
        if (!room.tryAcquire(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IOException("the ingress does not answer");
        }
        checkFailure();
        requests.onNext(PublishRequest.newBuilder()
                .setId(line)
                .setEvent(ByteString.copyFromUtf8(event))
                .build());
    }

    /// Waits for all answers.
    ///
    /// @return whether all events were accepted
    /// @throws IOException if the ingress does not answer
    public boolean finish() throws IOException, InterruptedException {
        requests.onCompleted();
        if (!ended.await(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IOException("the ingress does not answer");
        }
        checkFailure();
        return refused.get() == 0;
    }

    private void checkFailure() throws IOException {
        var status = failure;
        if (status != null) {
            throw new IOException("the ingress ended the stream: " + status.getCode()
                    + (status.getDescription() == null ? "" : ", " + status.getDescription()));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Answers implements StreamObserver<PublishResponse> {
        @Override
        public void onNext(PublishResponse answer) {
            switch (answer.getResultCase()) {
                case ACCEPTED -> {
                    var at = answer.getAccepted();
                    says.accept("line " + answer.getId() + ": " + at.getTopic() + "[" + at.getPartition() + "] offset "
                            + at.getOffset());
                }
                case REFUSED, RESULT_NOT_SET -> {
                    refused.incrementAndGet();
                    var why = answer.getRefused();
                    says.accept("line " + answer.getId() + ": refused, "
                            + (why.getField().isEmpty() ? "" : why.getField() + " ") + why.getReason());
                }
            }
            room.release();
        }

        @Override
        public void onError(Throwable e) {
            failure = Status.fromThrowable(e);
            room.release(OUTSTANDING_MAX);
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }
}
