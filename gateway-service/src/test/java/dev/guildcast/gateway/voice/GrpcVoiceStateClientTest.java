package dev.guildcast.gateway.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.resilience.CallGuardFactory;
import dev.guildcast.shard.call.CallGuard;
import dev.guildcast.shard.call.CallGuardSettings;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse;
import dev.guildcast.voice.v1.VoiceGrpc;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GrpcVoiceStateClientTest {
    private static final Payload.VoiceStateUpdate JOIN = new Payload.VoiceStateUpdate(12, 13, true, false, false, "eu");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<UpdateStateRequest> requests = new CopyOnWriteArrayList<>();
    private volatile boolean unresponsive;
    private Server server;
    private ManagedChannel channel;
    private CallGuard guard;
    private GrpcVoiceStateClient voice;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new VoiceGrpc.VoiceImplBase() {
                    @Override
                    public void updateState(UpdateStateRequest request, StreamObserver<UpdateStateResponse> to) {
                        requests.add(request);
                        if (!unresponsive) {
                            to.onNext(UpdateStateResponse.newBuilder()
                                    .setVerdict(UpdateStateResponse.Verdict.FULL)
                                    .build());
                            to.onCompleted();
                        }
                    }
                })
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        var limit = Duration.ofSeconds(3);
        guard = CallGuardFactory.create(
                "voice", new CallGuardSettings(limit, 2, 2, Duration.ofSeconds(30), 3), "op 4 is dropped", registry);
        voice = new GrpcVoiceStateClient(channel, guard, limit, registry);
    }

    @AfterEach
    void stop() {
        voice.close();
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void sendsTheUpdateAndCountsItsVerdict() {
        voice.update(9, true, "sid", JOIN);
        await().untilAsserted(() -> assertThat(count("full")).isEqualTo(1));
        var request = requests.getFirst();
        assertThat(request.getGuildId()).isEqualTo(12);
        assertThat(request.getChannelId()).isEqualTo(13);
        assertThat(request.getUserId()).isEqualTo(9);
        assertThat(request.getSessionId()).isEqualTo("sid");
        assertThat(request.getSelfMute()).isTrue();
        assertThat(request.getPreferredRegion()).isEqualTo("eu");
        assertThat(request.getBot()).isTrue();
    }

    @Test
    void opensTheBreakerForAnUnresponsiveService() {
        unresponsive = true;
        long before = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            voice.update(9, true, "sid", JOIN);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        // Two are in flight; the bulkhead has rejected the others at once.
        assertThat(count("failed")).isEqualTo(3);
        await().untilAsserted(() -> assertThat(count("failed")).isEqualTo(5));
        assertThat(guard.breaker().getState()).isEqualTo(CircuitBreaker.State.OPEN);
        int requestsBefore = requests.size();
        voice.update(9, true, "sid", JOIN);
        assertThat(count("failed")).isEqualTo(6);
        assertThat(requests).hasSize(requestsBefore);
    }

    private double count(String outcome) {
        var counter = registry.find("guildcast.gateway.voice.updates")
                .tag("outcome", outcome)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}
