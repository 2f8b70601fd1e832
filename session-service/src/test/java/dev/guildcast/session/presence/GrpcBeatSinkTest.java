package dev.guildcast.session.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestIdentity;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GrpcBeatSinkTest {
    private static final BeatBatch BATCH = BeatBatch.newBuilder()
            .addBeats(SessionBeat.newBuilder().setUserId(1))
            .build();

    private final List<BeatBatch> received = new CopyOnWriteArrayList<>();
    private final List<StreamObserver<StateRequest>> streams = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Server server = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new PresenceStatesGrpc.PresenceStatesImplBase() {
                @Override
                public StreamObserver<BeatBatch> beat(StreamObserver<StateRequest> responses) {
                    streams.add(responses);
                    return new StreamObserver<>() {
                        @Override
                        public void onNext(BeatBatch batch) {
                            received.add(batch);
                        }

                        @Override
                        public void onError(Throwable failure) {
                            // The client has disconnected.
                        }

                        @Override
                        public void onCompleted() {
                            responses.onCompleted();
                        }
                    };
                }
            })
            .build()
            .start();
    private final GrpcBeatSink sink = new GrpcBeatSink(
            "127.0.0.1:" + server.getPort(),
            TestIdentity.of(PeerRole.SESSION),
            new PresenceBeatRegistry(Duration.ofSeconds(20)),
            meters);

    GrpcBeatSinkTest() throws IOException {}

    @AfterEach
    void stop() throws InterruptedException {
        sink.close();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void beatsFlowOnceConnectedAndAreDroppedBefore() {
        assertThat(sink.offer(BATCH)).isFalse();
        assertThat(meters.counter("guildcast.session.beats.batches.dropped").count())
                .isEqualTo(1);
        sink.start();
        await().until(() -> sink.offer(BATCH));
        await().untilAsserted(() -> assertThat(received).isNotEmpty().allMatch(BATCH::equals));
    }

    @Test
    void aBrokenStreamIsReplaced() {
        sink.start();
        await().until(() -> sink.offer(BATCH));
        streams.getFirst().onCompleted();
        await().atMost(Duration.ofSeconds(10)).until(() -> streams.size() == 2);
        await().until(() -> sink.offer(BATCH));
    }
}
