package dev.guildcast.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
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
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.RunningService;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/// The whole service against real brokers: beats of hosts in, presence updates of guilds out.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PresenceApplicationIT {
    private static final Topology TOPOLOGY = Topology.SMALLEST;
    private static final long USER = 100000000000000001L;
    private static final long G1 = 197038439483310086L;
    private static final long G2 = 41771983423143937L;
    private static final SessionId SESSION = new SessionId(2, 4711, 99);
    private static final long SESSION_KEY = 2L << 48 | 4711;

    private static RunningService service;
    private static KafkaConsumer<byte[], byte[]> lane;

    @BeforeAll
    static void start() throws Exception {
        var host = new SessionHostGrpc.SessionHostImplBase() {
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
        };
        service = new RunningService(
                "presence-it",
                TOPOLOGY,
                host,
                PresenceApplication::start,
                context -> context.getBean(GrpcServerLifecycle.class).getPort());
        lane = service.readGuildTopic(service.topics().guildEphemeral());
    }

    @AfterAll
    static void stop() {
        lane.close();
        service.close();
    }

    @Test
    @Order(0)
    void permitsThePingsOfItsHosts() {
        // Session-services ping every 30 s; a server left alone permits one in 5 min and ends their streams for it.
        assertThat(service.context()
                        .getEnvironment()
                        .getProperty("spring.grpc.server.keepalive.permit.time", Duration.class))
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
        var found = PresenceStatesGrpc.newBlockingStub(service.channel(PeerRole.FANOUT))
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
        service.redis().pause();
        try {
            stream.onNext(BeatBatch.newBuilder().addStates(state(11, "dnd")).build());
            assertThat(publishedRecords(2))
                    .allMatch(
                            record -> event(record).getPayload().toStringUtf8().contains("\"dnd\""));
        } finally {
            service.redis().resume();
        }
        service.redis().stop();
        stream.onNext(BeatBatch.newBuilder().addStates(state(12, "online")).build());
        assertThat(publishedRecords(2))
                .allMatch(record -> event(record).getPayload().toStringUtf8().contains("\"online\""));
        assertThat(health("/actuator/health/liveness")).isEqualTo(200);
        assertThat(health("/actuator/health/readiness")).isEqualTo(200);
        service.redis().start();
        stream.onCompleted();
    }

    @Test
    @Order(4)
    void showsASessionThatWasClosedAsOffline() throws Exception {
        service.closeSession(USER, SESSION, 5000);
        assertThat(publishedRecords(2))
                .allMatch(record -> event(record).getPayload().toStringUtf8().contains("\"offline\""));
    }

    @Test
    @Order(5)
    void configuresCircuitBreakersAsDocumented() {
        var breakers = service.assertBreakers(
                "presence-store", "user-guilds-" + service.node().address());
        // Redis is back, and so are calls to it.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> breakers.circuitBreaker("presence-store").getState() == CircuitBreaker.State.CLOSED);
    }

    @Test
    @Order(6)
    void exposesItsMetrics() throws Exception {
        assertThat(service.get("/actuator/prometheus").body())
                .contains("guildcast_presence_beats_total")
                .contains("resilience4j_circuitbreaker_state");
    }

    private static StreamObserver<BeatBatch> stream(BlockingQueue<StateRequest> requests) {
        return PresenceStatesGrpc.newStub(service.channel(PeerRole.SESSION)).beat(new StreamObserver<>() {
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
        return service.get(path).statusCode();
    }
}
