package dev.guildcast.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.guildcast.audience.v1.ExplainRequest;
import dev.guildcast.audience.v1.ExplainResponse;
import dev.guildcast.audience.v1.GuildQueryGrpc;
import dev.guildcast.audience.v1.MembersQuery;
import dev.guildcast.audience.v1.StatsRequest;
import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.VoiceJoinRequest;
import dev.guildcast.audience.v1.VoiceJoinResponse.Verdict;
import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.PublishResponse;
import dev.guildcast.event.v1.RoleUpsert;
import dev.guildcast.event.v1.UserEvent;
import dev.guildcast.event.v1.UserRecord;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.shard.v1.Origin;
import dev.guildcast.shard.v1.ShardKind;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.web.reactive.function.client.WebClient;

/// The whole service on a real broker, placed statically: guild log in, session log out, queries answered.
class FanoutApplicationIT {
    private static final Topology TOPOLOGY = Topology.SMALLEST;
    private static final Topics TOPICS = new Topics("fanout-it.");
    private static final long GUILD = 4L << 22;
    private static final long OWNER = 11;
    private static final long BOT = 12;
    private static final long TEXT = 200;
    private static final long VOICE = 202;

    private static ConfigurableApplicationContext service;
    private static KafkaProducer<byte[], byte[]> producer;
    private static KafkaConsumer<byte[], byte[]> consumer;
    private static ManagedChannel channel;
    private static final List<SessionRecord> delivered = new ArrayList<>();

    @BeforeAll
    static void start() {
        String bootstrap = Brokers.shared().kafkaBootstrap();
        TestTopics.create(bootstrap, TOPICS, TOPOLOGY);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        var sessions = new ArrayList<TopicPartition>();
        for (int i = 0; i < TOPOLOGY.sessionShards(); i++) {
            sessions.add(new TopicPartition(TOPICS.sessionLog(), i));
        }
        consumer.assign(sessions);
        consumer.seekToBeginning(sessions);
        service = start(bootstrap);
        publishGuild();
    }

    private static ConfigurableApplicationContext start(String bootstrap) {
        var context = FanoutApplication.start(
                "--guildcast.kafka.bootstrap-servers=" + bootstrap,
                "--guildcast.kafka.prefix=" + TOPICS.prefix(),
                "--fanout.placement=static",
                "--fanout.presence.target=",
                "--server.port=0",
                "--spring.grpc.server.port=0",
                "--ingress.http.port=0",
                "--ingress.grpc.port=0",
                TestIdentity.ARGUMENT);
        int port = context.getBean(GrpcServerLifecycle.class).getPort();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        return context;
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        service.close();
        consumer.close();
        producer.close();
    }

    private static void publishGuild() {
        var part = DocumentPart.newBuilder().setGuildId(GUILD).setVersion("v");
        part.addMutations(
                Mutation.newBuilder().setGuild(GuildUpsert.newBuilder().setOwnerId(OWNER)));
        part.addMutations(Mutation.newBuilder()
                .setRole(RoleUpsert.newBuilder()
                        .setId(GUILD)
                        .setPermissions(Permissions.VIEW_CHANNEL | Permissions.CONNECT)));
        part.addMutations(
                Mutation.newBuilder().setChannel(ChannelUpsert.newBuilder().setId(TEXT)));
        part.addMutations(Mutation.newBuilder()
                .setChannel(ChannelUpsert.newBuilder().setId(VOICE).setType(2).setUserLimit(1)));
        for (long user : new long[] {OWNER, BOT, 13}) {
            part.addMutations(Mutation.newBuilder()
                    .setMember(MemberUpsert.newBuilder().setUserId(user).setUsername("user" + user)));
        }
        send(GuildRecord.newBuilder().setDocumentPart(part).build());
    }

    @Test
    void deliversToSessionsAndAnswersQuestions() {
        send(subscribe(1000, 0));
        send(message());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> types().containsAll(List.of("GUILD_CREATE", "MESSAGE_CREATE")));

        var query = as(PeerRole.OPERATOR);
        ExplainResponse explained = query.explain(ExplainRequest.newBuilder()
                .setGuildId(GUILD)
                .setUserId(BOT)
                .setChannelId(TEXT)
                .build());
        assertThat(explained.getSees()).isTrue();
        assertThat(explained.getSessionsList())
                .containsExactly(TOPOLOGY.sessionShard(BOT).index() + "@1000");
        assertThat(query.stats(StatsRequest.newBuilder().setGuildId(GUILD).build())
                        .getMembers())
                .isEqualTo(3);
        var pages = query.members(
                MembersQuery.newBuilder().setGuildId(GUILD).setLimit(2).build());
        var users = new ArrayList<Long>();
        pages.forEachRemaining(page -> users.addAll(page.getUserIdsList()));
        assertThat(users).containsExactly(OWNER, BOT, 13L);
        assertThat(as(PeerRole.VOICE)
                        .voiceJoin(VoiceJoinRequest.newBuilder()
                                .setGuildId(GUILD)
                                .setChannelId(VOICE)
                                .setUserId(BOT)
                                .build())
                        .getVerdict())
                .isEqualTo(Verdict.ALLOWED);
        assertThatThrownBy(() -> query.stats(
                        StatsRequest.newBuilder().setGuildId(GUILD + (4L << 22)).build()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void aGuildIsNotQueriedByOthersNorOnThePublishersPort() {
        var request = StatsRequest.newBuilder().setGuildId(GUILD).build();
        for (var role : List.of(PeerRole.GATEWAY, PeerRole.VOICE, PeerRole.VOICE_SERVER)) {
            assertThat(failure(() -> as(role).stats(request))).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
        assertThat(failure(() -> GuildQueryGrpc.newBlockingStub(channel).stats(request)))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        int publishers = service.getBean("grpcIngressServer", SmartLifecycle.class) instanceof IntSupplier port
                ? port.getAsInt()
                : 0;
        var ingress = TestIdentity.of(PeerRole.OPERATOR)
                .channel("127.0.0.1:" + publishers)
                .build();
        try {
            assertThat(failure(() -> GuildQueryGrpc.newBlockingStub(ingress).stats(request)))
                    .isEqualTo(Status.Code.UNIMPLEMENTED);
        } finally {
            ingress.shutdownNow();
        }
        // Nor does the services' port take events.
        var unserved = new CompletableFuture<Status.Code>();
        var unused = IngressGrpc.newStub(as(PeerRole.OPERATOR).getChannel()).publish(new StreamObserver<>() {
            @Override
            public void onNext(PublishResponse response) {}

            @Override
            public void onError(Throwable failure) {
                unserved.complete(Status.fromThrowable(failure).getCode());
            }

            @Override
            public void onCompleted() {}
        });
        assertThat(unserved).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private static GuildQueryGrpc.GuildQueryBlockingStub as(PeerRole role) {
        return GuildQueryGrpc.newBlockingStub(ClientInterceptors.intercept(
                        channel, TestIdentity.of(role).callInterceptor()))
                .withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static Status.Code failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    @Test
    void userEventsGoToTheSessionShardsOfTheirUsers() {
        var event = UserRecord.newBuilder()
                .setEvent(UserEvent.newBuilder().setType("DIRECT").addUsers(BOT))
                .build();
        producer.send(new ProducerRecord<>(TOPICS.userEvents(), 0, null, event.toByteArray()));
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            poll();
            return delivered.stream()
                    .anyMatch(record -> record.getUserDeliver().getType().equals("DIRECT"));
        });
    }

    @Test
    void theActuatorTellsHealthShardsAndMetrics() {
        var web =
                WebClient.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get(web, "/actuator/shards").contains("\"shard\":\"guild-0\",\"role\":\"LIVE\""));
        assertThat(get(web, "/actuator/health/liveness")).contains("UP");
        assertThat(get(web, "/actuator/health/readiness")).contains("UP");
        assertThat(get(web, "/actuator/prometheus"))
                .contains("guildcast_shard_records_applied_total", "guildcast_fanout_deliveries");
    }

    private static String get(WebClient web, String path) {
        String body = web.get().uri(path).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(10));
        return body == null ? "" : body;
    }

    private static List<String> types() {
        poll();
        return delivered.stream()
                .filter(SessionRecord::hasDeliver)
                .map(record -> record.getDeliver().getPayloads(0).getType())
                .toList();
    }

    private static synchronized void poll() {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> {
            try {
                delivered.add(SessionRecord.parseFrom(record.value()));
            } catch (com.google.protobuf.InvalidProtocolBufferException bug) {
                throw new AssertionError(bug);
            }
        });
    }

    private static GuildRecord subscribe(long session, long offset) {
        return GuildRecord.newBuilder()
                .setOrigin(Origin.newBuilder()
                        .setKind(ShardKind.SESSION)
                        .setShard(TOPOLOGY.sessionShard(BOT).index())
                        .setOffset(offset)
                        .setPrevOffset(-1)
                        .setPrevIndex(-1))
                .setSubscribe(Subscribe.newBuilder()
                        .setGuildId(GUILD)
                        .setUserId(BOT)
                        .setSessionOffset(session)
                        .setIntents((1 << 27) - 1))
                .build();
    }

    private static GuildRecord message() {
        return GuildRecord.newBuilder()
                .setEvent(GuildEvent.newBuilder()
                        .setGuildId(GUILD)
                        .setType("MESSAGE_CREATE")
                        .setChannelId(TEXT)
                        .setPayload(ByteString.copyFromUtf8("{}")))
                .build();
    }

    private static void send(GuildRecord record) {
        ShardId shard = TOPOLOGY.guildShard(GUILD);
        producer.send(new ProducerRecord<>(TOPICS.guildEvents(), shard.index(), null, record.toByteArray()));
        producer.flush();
    }
}
