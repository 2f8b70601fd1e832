package dev.guildcast.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.RunningService;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.v1.ServerHello;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.ServerReport;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import dev.guildcast.voice.v1.VoiceGrpc;
import dev.guildcast.voice.v1.VoiceSessionRef;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/// The whole service against real brokers: op 4 and voice servers in, the guild's log out.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VoiceApplicationIT {
    private static final Topology TOPOLOGY = Topology.SMALLEST;
    private static final long G1 = 197038439483310086L;
    private static final long FULL = 300000000000000009L;
    private static final long CHANNEL = 300000000000000002L;
    private static final long USER = 100000000000000001L;
    private static final SessionId SESSION = new SessionId(2, 4711, 99);
    private static final String KEY = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[32]);
    private static final String MEMBER =
            "{\"user\":{\"id\":\"100000000000000001\"},\"joined_at\":\"2020-01-01T00:00:00Z\"}";

    private static RunningService service;
    private static KafkaConsumer<byte[], byte[]> log;
    private static final LinkedBlockingQueue<ServerOrder> ORDERS = new LinkedBlockingQueue<>();
    private static final AtomicReference<ServerReport> REPORT =
            new AtomicReference<>(ServerReport.newBuilder().setLoad(0.1).build());
    private static ScheduledExecutorService media;

    @BeforeAll
    static void start() throws Exception {
        var owner = new GuildQueryGrpc.GuildQueryImplBase() {
            @Override
            public void voiceJoin(VoiceJoinRequest request, StreamObserver<VoiceJoinResponse> responses) {
                responses.onNext(VoiceJoinResponse.newBuilder()
                        .setVerdict(
                                request.getChannelId() == FULL
                                        ? VoiceJoinResponse.Verdict.FULL
                                        : VoiceJoinResponse.Verdict.ALLOWED)
                        .setMember(ByteString.copyFromUtf8(MEMBER))
                        .setServerMute(true)
                        .build());
                responses.onCompleted();
            }
        };
        service = new RunningService(
                "voice-it",
                TOPOLOGY,
                owner,
                VoiceApplicationIT::startService,
                context -> context.getBean(GrpcServerLifecycle.class).getPort());
        log = service.readGuildTopic(service.topics().guildEvents());
        media = register(hello("media-1", KEY), REPORT, ORDERS);
        await().atMost(Duration.ofSeconds(20)).until(() -> update(FULL) == Verdict.FULL);
    }

    private static ConfigurableApplicationContext startService(String... args) {
        var all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = "--voice.gateway.port=0";
        return VoiceApplication.start(all);
    }

    @AfterAll
    static void stop() {
        media.shutdownNow();
        log.close();
        service.close();
    }

    @Test
    @Order(1)
    void publishesStateThenServerToTheGuildsPartition() throws Exception {
        assertThat(update(CHANNEL)).isEqualTo(Verdict.DONE);
        var events = publishedEvents(2);
        var state = events.getFirst();
        assertThat(state.getType()).isEqualTo("VOICE_STATE_UPDATE");
        assertThat(state.getIntents()).isEqualTo(Intents.GUILD_VOICE_STATES);
        assertThat(state.getPayload().toStringUtf8())
                .contains("\"session_id\":\"" + SESSION.text() + "\"", "\"mute\":true", "\"member\":" + MEMBER);
        var mutation = state.getMutation().getVoiceState();
        assertThat(mutation.getUserId()).isEqualTo(USER);
        assertThat(mutation.getChannelId()).isEqualTo(CHANNEL);
        assertThat(mutation.getSessionId()).isEqualTo(SESSION.text());

        var server = events.getLast();
        assertThat(server.getType()).isEqualTo("VOICE_SERVER_UPDATE");
        assertThat(server.getSessions().getRefsList())
                .containsExactly(
                        SessionRef.newBuilder().setShard(2).setOffset(4711).build());
        assertThat(server.getIntents()).isZero();
        assertThat(server.getPayload().toStringUtf8()).contains("\"endpoint\":\"127.0.0.1:7000\"");
        assertThat(server.getPublication().getSequence())
                .isEqualTo(state.getPublication().getSequence() + 1);
        assertThat(server.getPublication().getPublisher()).startsWith("voice/").hasSizeGreaterThan(20);

        var expect = ORDERS.poll(5, TimeUnit.SECONDS).getExpect();
        assertThat(server.getPayload().toStringUtf8()).contains("\"token\":\"" + expect.getToken() + "\"");
        var binding = new VoiceToken.Binding(USER, SESSION.text(), G1, CHANNEL, "media-1");
        assertThat(VoiceToken.verify(KEY, expect.getToken(), binding, Instant.now()))
                .isTrue();
    }

    @Test
    @Order(2)
    void publishesOnlyTheStateWhileTheVoiceSocketIsOpen() throws Exception {
        REPORT.set(ServerReport.newBuilder()
                .setLoad(0.2)
                .addSessions(VoiceSessionRef.newBuilder()
                        .setGuildId(G1)
                        .setUserId(USER)
                        .setSessionId(SESSION.text()))
                .build());
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(update(CHANNEL)).isEqualTo(Verdict.DONE);
            assertThat(drain(Duration.ofMillis(500)))
                    .extracting(GuildEvent::getType)
                    .containsExactly("VOICE_STATE_UPDATE");
        });
    }

    @Test
    @Order(3)
    void keepsWorkingWhileRedisIsPausedOrStopped() throws Exception {
        service.redis().pause();
        try {
            assertThat(update(CHANNEL + 1)).isEqualTo(Verdict.DONE);
        } finally {
            service.redis().resume();
        }
        assertThat(publishedEvents(2))
                .extracting(GuildEvent::getType)
                .containsExactly("VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE");
        service.redis().stop();
        assertThat(update(CHANNEL)).isEqualTo(Verdict.DONE);
        assertThat(publishedEvents(2))
                .extracting(GuildEvent::getType)
                .containsExactly("VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE");
        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        service.redis().start();
    }

    @Test
    @Order(4)
    void movesTheGuildWhenTheServerStopsReporting() throws Exception {
        var report =
                new AtomicReference<>(ServerReport.newBuilder().setLoad(0.3).build());
        var second = register(hello("media-2", KEY), report, new LinkedBlockingQueue<>());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> service.get("/actuator/prometheus").body().contains("guildcast_voice_servers 2.0"));
        media.shutdownNow();
        media = second;
        var events = publishedEvents(1);
        assertThat(events).extracting(GuildEvent::getType).containsExactly("VOICE_SERVER_UPDATE");
        assertThat(events.getLast().getPayload().toStringUtf8()).contains("\"endpoint\":\"127.0.0.1:7000\"");
    }

    @Test
    @Order(5)
    void leavesVoiceWithTheSession() throws Exception {
        service.closeSession(USER, SESSION, 5000);
        var left = publishedEvents(1).getFirst();
        assertThat(left.getPayload().toStringUtf8()).contains("\"channel_id\":null");
        assertThat(left.getMutation().getVoiceState().getChannelId()).isZero();
    }

    @Test
    @Order(6)
    void rejectsAnInvalidHelloAndAnUpdateWithoutASession() throws Exception {
        for (ServerHello wrong : List.of(
                ServerHello.getDefaultInstance(),
                hello("media 3", KEY),
                hello("media-3", "short"),
                hello("media-3", KEY).toBuilder().setEndpoint("wss://x/").build())) {
            var failures = new LinkedBlockingQueue<Throwable>();
            var stream = VoiceGrpc.newStub(service.channel(PeerRole.VOICE_SERVER))
                    .registerServer(new StreamObserver<>() {
                        @Override
                        public void onNext(ServerOrder order) {}

                        @Override
                        public void onError(Throwable failure) {
                            failures.add(failure);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            stream.onNext(ServerReport.newBuilder().setHello(wrong).build());
            assertThat(Status.fromThrowable(failures.poll(5, TimeUnit.SECONDS)).getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        Assertions.assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> VoiceGrpc.newBlockingStub(service.channel(PeerRole.GATEWAY))
                        .updateState(UpdateStateRequest.newBuilder()
                                .setGuildId(G1)
                                .setUserId(USER)
                                .setSessionId("nonsense")
                                .build()))
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    @Order(7)
    void configuresCircuitBreakersAsDocumented() throws Exception {
        service.assertBreakers("voice-store", "guild-voice-" + service.node().address());
        assertThat(service.get("/actuator/prometheus").body())
                .contains("guildcast_voice_updates_total")
                .contains("resilience4j_circuitbreaker_state");
    }

    private static Verdict update(long channelId) {
        return VoiceGrpc.newBlockingStub(service.channel(PeerRole.GATEWAY))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .updateState(UpdateStateRequest.newBuilder()
                        .setGuildId(G1)
                        .setUserId(USER)
                        .setSessionId(SESSION.text())
                        .setChannelId(channelId)
                        .build())
                .getVerdict();
    }

    private static ServerHello hello(String id, String key) {
        return ServerHello.newBuilder()
                .setServerId(id)
                .setRegion("local")
                .setEndpoint("127.0.0.1:7000")
                .setTokenKey(key)
                .build();
    }

    /// A voice server that reports every half second until it is shut down.
    private static ScheduledExecutorService register(
            ServerHello hello, AtomicReference<ServerReport> report, LinkedBlockingQueue<ServerOrder> orders) {
        var stream = VoiceGrpc.newStub(service.channel(PeerRole.VOICE_SERVER)).registerServer(new StreamObserver<>() {
            @Override
            public void onNext(ServerOrder order) {
                orders.add(order);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        });
        stream.onNext(ServerReport.newBuilder().setHello(hello).setLoad(0.1).build());
        var reporter = Executors.newSingleThreadScheduledExecutor();
        reporter.scheduleAtFixedRate(() -> stream.onNext(report.get()), 500, 500, TimeUnit.MILLISECONDS);
        return reporter;
    }

    private static List<GuildEvent> publishedEvents(int count) {
        var events = new ArrayList<GuildEvent>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            events.addAll(drain(Duration.ofMillis(100)));
            return events.size() >= count;
        });
        assertThat(events).hasSize(count);
        return events;
    }

    private static List<GuildEvent> drain(Duration time) {
        var events = new ArrayList<GuildEvent>();
        for (var batch = log.poll(time); !batch.isEmpty(); batch = log.poll(time)) {
            batch.forEach(record -> events.add(event(record)));
        }
        return events;
    }

    private static GuildEvent event(ConsumerRecord<byte[], byte[]> record) {
        try {
            var event = GuildRecord.parseFrom(record.value()).getEvent();
            assertThat(record.partition())
                    .isEqualTo(TOPOLOGY.guildShard(event.getGuildId()).index());
            return event;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
