package dev.guildcast.session.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topology;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Credit;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Park;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.attach.AttachMetrics;
import dev.guildcast.session.attach.FrontendContext;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.testing.RecordingTransport;
import dev.guildcast.session.testing.TestLog;
import dev.guildcast.session.testing.TestPayloadReader;
import dev.guildcast.session.testing.TestRecords;
import dev.guildcast.session.testing.TestShard;
import dev.guildcast.shard.node.PlacementMode;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class GrpcLinkEndpointTest {
    private static final Topology TOPOLOGY = new Topology(4, 1, 1, 1);
    private static final long ALICE = 1001;
    private static final long GUILD = 1L << 22;

    private final TestLog log = new TestLog();
    private final SessionShard machine = new SessionShard(ShardId.session(0), TOPOLOGY, Duration.ofMinutes(5), 16_384);
    // The shard's loop.
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final HostedShardRegistry hostedShards;
    private final TestShard shard;
    private final Server server;
    private final ManagedChannel channel;

    GrpcLinkEndpointTest() throws IOException {
        var context = new FrontendContext(
                TOPOLOGY,
                new SessionProperties(Duration.ofSeconds(180), PlacementMode.STATIC, Duration.ZERO),
                new ResumeProperties(Duration.ofMinutes(5), 16_384, Duration.ofSeconds(30), DataSize.ofMegabytes(8)),
                new TestPayloadReader(log),
                () -> 42,
                System::nanoTime,
                new AttachMetrics(new SimpleMeterRegistry()));
        hostedShards = new HostedShardRegistry(context);
        shard = new TestShard(log, 77, machine, hostedShards.listener(machine));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new GrpcLinkEndpoint(hostedShards, TOPOLOGY, "node-1"))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @BeforeEach
    void start() {
        log.append(TestRecords.joined(GUILD, ALICE));
        shard.claim();
        loop.scheduleWithFixedDelay(shard::run, 0, 2, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        loop.shutdownNow();
    }

    @Test
    void aSessionIsOpenedFedAndResumedOnAnotherStream() {
        var first = connect();
        first.send(open(1, 10));
        await().untilAsserted(() -> assertThat(first.messages()).containsSubsequence("1:opened", "1:s1 READY"));
        deliver(3);
        await().untilAsserted(() -> assertThat(first.messages()).endsWith("1:s4 EVENT"));
        var second = connect();
        second.send(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(2)
                        .setSessionId(first.sessionId())
                        .setUserId(ALICE)
                        .setAttachId(20)
                        .setSequence(2)));
        await().untilAsserted(() -> assertThat(second.messages())
                .containsExactly("hello", "2:attached", "2:s3 EVENT", "2:s4 EVENT", "2:done"));
        await().untilAsserted(() -> assertThat(first.messages()).endsWith("1:superseded"));
    }

    @Test
    void sessionsOfABrokenStreamCanBeReattached() {
        var first = connect();
        first.send(open(1, 10));
        await().untilAsserted(() -> assertThat(first.messages()).endsWith("1:s1 READY"));
        first.requests.onError(new IllegalStateException("gone"));
        deliver(1);
        var second = connect();
        second.send(GatewayMessage.newBuilder()
                .setReattach(Reattach.newBuilder()
                        .setHandle(1)
                        .setSessionId(first.sessionId())
                        .setUserId(ALICE)
                        .setAttachId(10)
                        .setSequence(1)
                        .setFinished(true)));
        await().untilAsserted(() -> assertThat(second.messages()).containsExactly("hello", "1:attached", "1:s2 EVENT"));
    }

    @Test
    void aParkedConnectionIsFoundByItsHandleAlone() {
        var stream = connect();
        stream.send(open(1, 10));
        await().untilAsserted(() -> assertThat(stream.messages()).endsWith("1:s1 READY"));
        stream.send(GatewayMessage.newBuilder()
                .setPark(Park.newBuilder().setHandle(1).setAttachId(10)));
        stream.send(GatewayMessage.newBuilder().setDetach(Detach.newBuilder().setHandle(9)));
        // Its reply comes from the loop, after what was sent before.
        stream.send(open(2, 11));
        await().untilAsserted(() -> assertThat(stream.messages()).endsWith("2:s1 READY"));
        deliver(1);
        stream.send(open(3, 12));
        await().untilAsserted(() -> assertThat(stream.messages()).endsWith("3:s1 READY"));
        assertThat(stream.messages()).noneMatch(message -> message.startsWith("1:s2"));
    }

    @Test
    void aShardNotHostedHereIsReportedMoved() {
        var stream = connect();
        stream.send(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder().setHandle(3).setSessionId("0007" + "0".repeat(28))));
        await().untilAsserted(() -> assertThat(stream.messages()).containsExactly("hello", "moved [3]"));
    }

    @Test
    void aMalformedSessionIdIsInvalid() {
        var stream = connect();
        stream.send(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder().setHandle(3).setSessionId("not one")));
        await().untilAsserted(() -> assertThat(stream.messages()).containsExactly("hello", "3:invalid"));
    }

    @Test
    void aStreamThatDoesNotBeginWithHelloIsRefused() {
        var stream = new GatewayStream();
        stream.send(GatewayMessage.newBuilder().setCredit(Credit.newBuilder().setBytes(1)));
        await().untilAsserted(() -> assertThat(stream.failure.get()).hasMessageContaining("FAILED_PRECONDITION"));
    }

    @Test
    void thousandsOfMessagesPassThoughTheNumberInFlightIsBounded() {
        var stream = connect();
        for (int i = 0; i < 5_000; i++) {
            stream.send(GatewayMessage.newBuilder()
                    .setAttach(Attach.newBuilder().setHandle(i).setSessionId("0007" + "0".repeat(28))));
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stream.received).hasSize(5_001));
    }

    @Test
    void aReplayIsBoundedByCreditUntilMoreIsGranted() {
        var stream = new GatewayStream();
        stream.send(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("g").setInitialCredit(1)));
        stream.send(open(1, 10));
        await().untilAsserted(() -> assertThat(stream.messages()).endsWith("1:s1 READY"));
        deliver(5);
        stream.send(GatewayMessage.newBuilder().setCredit(Credit.newBuilder().setBytes(1 << 20)));
        await().untilAsserted(() -> assertThat(stream.messages()).endsWith("1:s6 EVENT"));
    }

    @Test
    void usersGuildsAreAnsweredForLiveShardsOnly() {
        var stub = SessionHostGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
        var request = UserGuildsRequest.newBuilder().addUsers(ALICE).addUsers(5).build();
        await().untilAsserted(() -> {
            var response = stub.userGuilds(request);
            assertThat(response.getUsersList())
                    .anyMatch(user ->
                            user.getUserId() == ALICE && user.getGuildsList().equals(List.of(GUILD)));
        });
        loop.execute(() -> shard.setDisconnected(true));
        await().untilAsserted(() ->
                assertThat(stub.userGuilds(request).getUsersList()).isEmpty());
    }

    @Test
    void tooManyUsersAtOnceAreRefused() {
        var request = UserGuildsRequest.newBuilder();
        for (long user = 0; user <= 1000; user++) {
            request.addUsers(user);
        }
        assertThatThrownBy(() -> SessionHostGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .userGuilds(request.build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    private void deliver(int times) {
        loop.execute(() -> {
            var session = machine.sessions().openedBy(10);
            assertThat(session).isNotNull();
            for (int i = 0; i < times; i++) {
                log.append(TestRecords.deliver(GUILD, "EVENT", "{}", session.offset()));
            }
        });
    }

    private static GatewayMessage.Builder open(long handle, long request) {
        return GatewayMessage.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setHandle(handle)
                        .setShard(0)
                        .setOpen(TestRecords.open(0, request, ALICE)));
    }

    private GatewayStream connect() {
        var stream = new GatewayStream();
        stream.send(GatewayMessage.newBuilder()
                .setHello(Hello.newBuilder().setGatewayId("g").setInitialCredit(1 << 20)));
        return stream;
    }

    private final class GatewayStream implements StreamObserver<HostMessage> {
        final List<HostMessage> received = new CopyOnWriteArrayList<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final StreamObserver<GatewayMessage> requests =
                SessionHostGrpc.newStub(channel).connect(this);

        void send(GatewayMessage.Builder message) {
            requests.onNext(message.build());
        }

        List<String> messages() {
            var stream = new RecordingTransport();
            stream.sent.addAll(received);
            return stream.take();
        }

        String sessionId() {
            return received.stream()
                    .filter(HostMessage::hasOpened)
                    .map(each -> each.getOpened().getSessionId())
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void onNext(HostMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable error) {
            failure.set(error);
        }

        @Override
        public void onCompleted() {
            // Nothing more comes.
        }
    }
}
