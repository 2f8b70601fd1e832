package dev.guildcast.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.RedisServer;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.link.v1.UserGuildsResponse;
import dev.guildcast.presence.v1.BeatBatch;
import dev.guildcast.presence.v1.GetPresences;
import dev.guildcast.presence.v1.PresenceStatesGrpc;
import dev.guildcast.presence.v1.SessionBeat;
import dev.guildcast.presence.v1.SessionPresence;
import dev.guildcast.presence.v1.StateRequest;
import dev.guildcast.shard.testing.FakeNode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/// The whole service against real brokers: beats of hosts in, presence updates of guilds out.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PresenceApplicationIT {
    private static final Topology TOPOLOGY = Topology.SMALLEST;
    private static final Topics TOPICS = new Topics("presence-it-" + UUID.randomUUID() + ".");
    private static final long USER = 100000000000000001L;
    private static final long G1 = 197038439483310086L;
    private static final long G2 = 41771983423143937L;
    private static final SessionId SESSION = new SessionId(2, 4711, 99);
    private static final long SESSION_KEY = 2L << 48 | 4711;

    private static RedisServer redis;
    private static FakeNode node;
    private static ConfigurableApplicationContext service;
    private static ManagedChannel channel;
    private static KafkaConsumer<byte[], byte[]> lane;

    @BeforeAll
    static void start() throws Exception {
        String kafka = Brokers.shared().kafkaBootstrap();
        redis = Brokers.shared().newRedis();
        TestTopics.create(kafka, TOPICS, TOPOLOGY);
        node = new FakeNode(TOPOLOGY, new SessionHostGrpc.SessionHostImplBase() {
            @Override
            public void userGuilds(UserGuildsRequest request, StreamObserver<UserGuildsResponse> responses) {
                var response = UserGuildsResponse.newBuilder();
                request.getUsersList()
                        .forEach(user -> response.addUsers(dev.guildcast.link.v1.UserGuilds.newBuilder()
                                .setUserId(user)
                                .addGuilds(G1)
                                .addGuilds(G2)));
                responses.onNext(response.build());
                responses.onCompleted();
            }
        });
        service = PresenceApplication.start(
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--guildcast.kafka.bootstrap-servers=" + kafka,
                "--guildcast.kafka.prefix=" + TOPICS.prefix(),
                "--guildcast.coordinator.target=" + node.address(),
                "--spring.data.redis.host=" + redis.host(),
                "--spring.data.redis.port=" + redis.port());
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", service.getBean(GrpcServerLifecycle.class).getPort())
                .usePlaintext()
                .build();
        lane = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = java.util.stream.IntStream.range(0, TOPOLOGY.guildPartitions())
                .mapToObj(index -> new TopicPartition(TOPICS.guildEphemeral(), index))
                .toList();
        lane.assign(partitions);
        lane.seekToBeginning(partitions);
    }

    @AfterAll
    static void stop() {
        lane.close();
        channel.shutdownNow();
        service.close();
        node.close();
        redis.close();
    }

    @Test
    @Order(0)
    void permitsThePingsOfItsHosts() {
        // Session-services ping every 30 s; a server left alone permits one in 5 min and ends their streams for it.
        assertThat(service.getEnvironment().getProperty("spring.grpc.server.keepalive.permit.time", Duration.class))
                .isLessThan(Duration.ofSeconds(30));
    }

    @Test
    @Order(1)
    void requestsAMissingStateThenPublishesToEveryGuildExcludingTheSubject() throws Exception {
        var requests = new LinkedBlockingQueue<StateRequest>();
        var stream = stream(requests);
        stream.onNext(BeatBatch.newBuilder().addBeats(beat(10)).build());
        var request = requests.poll(5, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        assertThat(request.getMissingList()).containsExactly(beat(10));
        stream.onNext(BeatBatch.newBuilder().addStates(state(10, "idle")).build());

        var records = publishedRecords(2);
        for (var record : records) {
            var event = event(record);
            assertThat(record.partition())
                    .isEqualTo(TOPOLOGY.guildShard(event.getGuildId()).index());
            assertThat(event.getType()).isEqualTo("PRESENCE_UPDATE");
            assertThat(event.getIntents()).isEqualTo(Intents.GUILD_PRESENCES);
            assertThat(event.hasMembers()).isTrue();
            assertThat(event.getExcludedUsersList()).containsExactly(USER);
            assertThat(event.getPriority()).isEqualTo(Priority.PRESENCE);
            assertThat(event.getPayload().toStringUtf8()).contains("\"status\":\"idle\"");
        }
        assertThat(records.stream().map(record -> event(record).getGuildId())).containsExactlyInAnyOrder(G1, G2);
        stream.onCompleted();
    }

    @Test
    @Order(2)
    void answersLookups() {
        var found = PresenceStatesGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .get(GetPresences.newBuilder().addUsers(USER).addUsers(5).build());
        assertThat(found.getUsersList())
                .singleElement()
                .satisfies(user -> assertThat(user.getStatus()).isEqualTo("idle"));
    }

    @Test
    @Order(3)
    void keepsPublishingWhileRedisIsPausedOrStopped() throws Exception {
        var stream = stream(new LinkedBlockingQueue<>());
        redis.pause();
        try {
            stream.onNext(BeatBatch.newBuilder().addStates(state(11, "dnd")).build());
            assertThat(publishedRecords(2))
                    .allMatch(
                            record -> event(record).getPayload().toStringUtf8().contains("\"dnd\""));
        } finally {
            redis.resume();
        }
        redis.stop();
        stream.onNext(BeatBatch.newBuilder().addStates(state(12, "online")).build());
        assertThat(publishedRecords(2))
                .allMatch(record -> event(record).getPayload().toStringUtf8().contains("\"online\""));
        assertThat(health("/actuator/health/liveness")).isEqualTo(200);
        assertThat(health("/actuator/health/readiness")).isEqualTo(200);
        redis.start();
        stream.onCompleted();
    }

    @Test
    @Order(4)
    void showsASessionThatWasClosedAsOffline() throws Exception {
        var closed = SessionLifecycle.newBuilder()
                .setKind(SessionLifecycle.Kind.CLOSED)
                .setUserId(USER)
                .setSessionId(SESSION.text())
                .setOffset(5000)
                .build();
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", Brokers.shared().kafkaBootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(TOPICS.sessionLifecycle(), closed.toByteArray()))
                    .get();
        }
        assertThat(publishedRecords(2))
                .allMatch(record -> event(record).getPayload().toStringUtf8().contains("\"offline\""));
    }

    @Test
    @Order(5)
    void configuresCircuitBreakersAsDocumented() {
        var breakers = service.getBean(CircuitBreakerRegistry.class);
        assertThat(breakers.getAllCircuitBreakers())
                .extracting(CircuitBreaker::getName)
                .contains("presence-store", "user-guilds-" + node.address());
        for (CircuitBreaker breaker : breakers.getAllCircuitBreakers()) {
            var config = breaker.getCircuitBreakerConfig();
            assertThat(config.getSlidingWindowSize()).isEqualTo(20);
            assertThat(config.getFailureRateThreshold()).isEqualTo(50);
            assertThat(config.getSlowCallRateThreshold()).isEqualTo(50);
            assertThat(config.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(5000);
            assertThat(config.getPermittedNumberOfCallsInHalfOpenState()).isEqualTo(3);
        }
        // Redis is back, and so are calls to it.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> breakers.circuitBreaker("presence-store").getState() == CircuitBreaker.State.CLOSED);
    }

    @Test
    @Order(6)
    void exposesItsMetrics() throws Exception {
        assertThat(get("/actuator/prometheus").body())
                .contains("guildcast_presence_beats_total")
                .contains("resilience4j_circuitbreaker_state");
    }

    private static StreamObserver<BeatBatch> stream(BlockingQueue<StateRequest> requests) {
        return PresenceStatesGrpc.newStub(channel).beat(new StreamObserver<>() {
            @Override
            public void onNext(StateRequest request) {
                requests.add(request);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        });
    }

    private static List<ConsumerRecord<byte[], byte[]>> publishedRecords(int count) {
        var records = new CopyOnWriteArrayList<ConsumerRecord<byte[], byte[]>>();
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            lane.poll(Duration.ofMillis(100)).forEach(records::add);
            return records.size() >= count;
        });
        assertThat(records).hasSize(count);
        return records;
    }

    private static GuildEvent event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return GuildRecord.parseFrom(record.value()).getEvent();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static SessionBeat beat(long version) {
        return SessionBeat.newBuilder()
                .setUserId(USER)
                .setSession(SESSION_KEY)
                .setVersion(version)
                .build();
    }

    private static SessionPresence state(long version, String status) {
        return SessionPresence.newBuilder()
                .setUserId(USER)
                .setSession(SESSION_KEY)
                .setVersion(version)
                .setBot(true)
                .setPresence(dev.guildcast.delivery.v1.Presence.newBuilder().setStatus(status))
                .build();
    }

    private static int health(String path) throws Exception {
        return get(path).statusCode();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        String port = service.getEnvironment().getRequiredProperty("local.server.port");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
