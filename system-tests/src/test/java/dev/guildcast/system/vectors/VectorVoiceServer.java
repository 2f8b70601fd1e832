package dev.guildcast.system.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.shard.access.GrpcIdentity;
import dev.guildcast.voice.v1.Drop;
import dev.guildcast.voice.v1.Expect;
import dev.guildcast.voice.v1.ServerHello;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.VoiceGrpc;
import dev.guildcast.voice.v1.VoiceSessionRef;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A voice server from voice-signaling's view: it reports which sessions have a voice socket, and receives orders to
/// expect or drop sessions.
///
/// - **Owner:** the test's thread, and a timer that repeats the last report; both synchronize on it.
final class VectorVoiceServer implements AutoCloseable, StreamObserver<ServerOrder> {
    static final String ENDPOINT = "vectors.example:443";

    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(30);

    private final List<ServerOrder> orders = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ManagedChannel channel;
    private final StreamObserver<ServerReport> reports;
    private ServerReport report = ServerReport.getDefaultInstance();

    VectorVoiceServer(String voiceTarget, GrpcIdentity identity) {
        channel = identity.channel(voiceTarget).build();
        reports = VoiceGrpc.newStub(channel).registerServer(this);
        reports.onNext(ServerReport.newBuilder()
                .setHello(ServerHello.newBuilder()
                        .setServerId("vectors")
                        .setRegion(VectorWorld.REGION)
                        .setEndpoint(ENDPOINT)
                        .setTokenKey(Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32])))
                .build());
        var unused = timer.scheduleWithFixedDelay(this::repeatReport, 1, 1, TimeUnit.SECONDS);
    }

    /// Reports from now on that these sessions of bot A in G1 have a voice socket.
    void setVoiceSockets(String... sessions) {
        var next = ServerReport.newBuilder();
        for (String session : sessions) {
            next.addSessions(VoiceSessionRef.newBuilder()
                    .setGuildId(Long.parseLong(VectorWorld.G1))
                    .setUserId(Long.parseLong(VectorWorld.A))
                    .setSessionId(session));
        }
        sendReport(next.build());
    }

    /// The next order, which is an Expect.
    Expect expected() {
        return nextOrder().getExpect();
    }

    /// The next order, which is a Drop; clients see their voice socket closed with 4014.
    Drop dropped() {
        return nextOrder().getDrop();
    }

    private ServerOrder nextOrder() {
        await().atMost(ORDER_TIMEOUT).until(() -> !orders.isEmpty());
        return orders.removeFirst();
    }

    void noOrders() {
        assertThat(orders).isEmpty();
    }

    private synchronized void sendReport(ServerReport next) {
        report = next;
        reports.onNext(next);
    }

    private synchronized void repeatReport() {
        reports.onNext(report);
    }

    @Override
    public void onNext(ServerOrder order) {
        orders.add(order);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
        timer.shutdownNow();
        channel.shutdownNow();
    }
}
