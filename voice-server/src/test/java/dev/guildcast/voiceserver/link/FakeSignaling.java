package dev.guildcast.voiceserver.link;

import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaPing;
import dev.guildcast.voice.v1.MediaServerMessage;
import dev.guildcast.voice.v1.VoiceMediaGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What voice servers connect to: records what they send, and sends what a test orders.
final class FakeSignaling extends VoiceMediaGrpc.VoiceMediaImplBase implements AutoCloseable {
    private static final Duration WAIT = Duration.ofSeconds(10);

    final BlockingQueue<MediaServerMessage> received = new LinkedBlockingQueue<>();
    private final Server server;
    private volatile @Nullable StreamObserver<MediaOrder> stream;

    FakeSignaling(int port) throws IOException {
        server = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .addService(this)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public StreamObserver<MediaServerMessage> connect(StreamObserver<MediaOrder> responses) {
        stream = responses;
        return new StreamObserver<>() {
            @Override
            public void onNext(MediaServerMessage message) {
                received.add(message);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }

    /// The next message of this kind; others before it are passed over.
    MediaServerMessage next(MediaServerMessage.MessageCase kind) throws InterruptedException {
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            var message = received.poll(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (message != null && message.getMessageCase() == kind) {
                return message;
            }
        }
        throw new AssertionError("no " + kind + " within " + WAIT);
    }

    void order(MediaOrder order) {
        var current = stream;
        if (current == null) {
            throw new AssertionError("no voice server has connected");
        }
        current.onNext(order);
    }

    void ping(long nonce) {
        order(MediaOrder.newBuilder()
                .setPing(MediaPing.newBuilder().setNonce(nonce))
                .build());
    }

    /// Ends the stream, not the server.
    void breakStream() {
        var current = stream;
        if (current != null) {
            current.onError(Status.UNAVAILABLE.asRuntimeException());
        }
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
