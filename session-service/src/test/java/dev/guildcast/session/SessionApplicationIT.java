package dev.guildcast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.delivery.v1.SessionLifecycle;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.link.v1.Attach;
import dev.guildcast.link.v1.Detach;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.Hello;
import dev.guildcast.link.v1.HostMessage;
import dev.guildcast.link.v1.OpenSession;
import dev.guildcast.link.v1.Reattach;
import dev.guildcast.link.v1.SessionHostGrpc;
import dev.guildcast.link.v1.UserGuildsRequest;
import dev.guildcast.session.testing.TestRecords;
import dev.guildcast.shard.access.PeerRole;
import dev.guildcast.shard.testing.TestIdentity;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/// The whole service on a real Kafka, with static placement.
class SessionApplicationIT {
    private static final Topology TOPOLOGY = new Topology(4, 1, 1, 2);
    private static final long ALICE = 1001;
    private static final long GUILD = 1L << 22;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String bootstrap = Brokers.shared().kafkaBootstrap();
    private final Topics topics = new Topics("it-" + UUID.randomUUID() + ".");
    private final ShardId shard = TOPOLOGY.sessionShard(ALICE);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> fanout = new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());

    @BeforeEach
    void create() {
        TestTopics.create(bootstrap, topics, TOPOLOGY);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : opened.reversed()) {
            each.close();
        }
        fanout.close();
    }

    @Test
    void aSessionSurvivesARestartOfItsHost() throws Exception {
        var first = start();
        deliver(TestRecords.joined(GUILD, ALICE));
        awaitMember(first);
        var gateway = new Gateway(first);
        gateway.send(open(1, 10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.messages()).contains("s1 READY"));
        var id = gateway.session();
        deliver(TestRecords.deliver(GUILD, "EVENT", "{\"n\":1}", id.offset()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.messages()).endsWith("s2 EVENT"));
        assertThat(subscribed()).isEqualTo(id.offset());
        assertThat(http(first, "/actuator/shards")).contains(shard.toString()).contains("\"live\":true");
        assertThat(http(first, "/actuator/health/readiness")).contains("UP");
        assertThat(http(first, "/actuator/health/liveness")).contains("UP");
        assertThat(http(first, "/actuator/prometheus"))
                .contains("guildcast_sessions")
                .contains("guildcast_shard_lag");

        first.close();
        await().atMost(PATIENCE).until(() -> gateway.ended);
        deliver(TestRecords.deliver(GUILD, "EVENT", "{\"n\":2}", id.offset()));
        var second = start();
        var again = new Gateway(second);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            again.send(GatewayMessage.newBuilder()
                    .setReattach(Reattach.newBuilder()
                            .setHandle(2)
                            .setSessionId(id.text())
                            .setUserId(ALICE)
                            .setAttachId(10)
                            .setSequence(1)
                            .setFinished(true)));
            assertThat(again.messages()).contains("s3 EVENT");
        });
        assertThat(again.messages()).containsSubsequence("s2 EVENT", "s3 EVENT");

        again.send(GatewayMessage.newBuilder()
                .setDetach(Detach.newBuilder()
                        .setHandle(2)
                        .setSessionId(id.text())
                        .setAttachId(10)
                        .setEnd(true)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lifecycle()).contains("OPENED " + id.text(), "CLOSED " + id.text()));
        again.send(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(3)
                        .setSessionId(id.text())
                        .setUserId(ALICE)
                        .setAttachId(30)
                        .setSequence(3)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(again.messages()).endsWith("invalid"));
    }

    @Test
    void evictedRecordsAreReplayedFromKafka() throws Exception {
        var context = start("--session.resume.payload-memory=1B");
        deliver(TestRecords.joined(GUILD, ALICE));
        awaitMember(context);
        var gateway = new Gateway(context);
        gateway.send(open(1, 10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.messages()).contains("s1 READY"));
        var id = gateway.session();
        for (int n = 0; n < 200; n++) {
            deliver(TestRecords.deliver(GUILD, "EVENT", "{\"n\":" + n + "}", id.offset()));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.messages()).endsWith("s201 EVENT"));
        gateway.send(GatewayMessage.newBuilder()
                .setAttach(Attach.newBuilder()
                        .setHandle(2)
                        .setSessionId(id.text())
                        .setUserId(ALICE)
                        .setAttachId(20)
                        .setSequence(1)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.messages()).endsWith("s201 EVENT", "done"));
        assertThat(gateway.messages()).containsSubsequence("attached", "s2 EVENT", "s100 EVENT", "s201 EVENT", "done");
    }

    private ConfigurableApplicationContext start(String... more) {
        var args = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.grpc.server.port=0",
                TestIdentity.ARGUMENT,
                "--session.placement=static",
                "--guildcast.kafka.bootstrap-servers=" + bootstrap,
                "--guildcast.kafka.prefix=" + topics.prefix(),
                "--guildcast.topology.session-shards=2"));
        args.addAll(List.of(more));
        var context = SessionApplication.start(args.toArray(String[]::new));
        opened.add(context);
        return context;
    }

    private void deliver(SessionRecord record) throws ExecutionException, InterruptedException {
        fanout.send(new ProducerRecord<>(topics.sessionLog(), shard.index(), null, record.toByteArray()))
                .get();
    }

    private void awaitMember(ConfigurableApplicationContext context) {
        var stub = SessionHostGrpc.newBlockingStub(channel(context, PeerRole.PRESENCE));
        await().atMost(PATIENCE)
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(() -> assertThat(stub.withDeadlineAfter(5, TimeUnit.SECONDS)
                                .userGuilds(UserGuildsRequest.newBuilder()
                                        .addUsers(ALICE)
                                        .build())
                                .getUsersList())
                        .anyMatch(user -> user.getGuildsList().contains(GUILD)));
    }

    private ManagedChannel channel(ConfigurableApplicationContext context, PeerRole role) {
        int port = context.getBean(GrpcServerLifecycle.class).getPort();
        var channel = TestIdentity.of(role).channel("127.0.0.1:" + port).build();
        opened.add(channel::shutdownNow);
        return channel;
    }

    private long subscribed() throws Exception {
        for (var record : read(topics.guildEvents(), TOPOLOGY.guildShard(GUILD).index())) {
            var guild = GuildRecord.parseFrom(record);
            if (guild.hasSubscribe()) {
                assertThat(guild.getOrigin().getShard()).isEqualTo(shard.index());
                return guild.getSubscribe().getSessionOffset();
            }
        }
        throw new AssertionError("no Subscribe");
    }

    private List<String> lifecycle() throws Exception {
        var events = new ArrayList<String>();
        for (var record : read(topics.sessionLifecycle(), shard.index())) {
            var event = SessionLifecycle.parseFrom(record);
            events.add(event.getKind() + " " + event.getSessionId());
        }
        return events;
    }

    private List<byte[]> read(String topic, int index) {
        var partition = new TopicPartition(topic, index);
        var values = new ArrayList<byte[]>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static String http(ConfigurableApplicationContext context, String path) throws Exception {
        var port = context.getEnvironment().getRequiredProperty("local.server.port");
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private GatewayMessage.Builder open(long handle, long request) {
        return GatewayMessage.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setHandle(handle)
                        .setShard(shard.index())
                        .setOpen(TestRecords.open(0, request, ALICE)));
    }

    private final class Gateway implements StreamObserver<HostMessage> {
        final List<HostMessage> received = new CopyOnWriteArrayList<>();
        final StreamObserver<GatewayMessage> requests;
        volatile boolean ended;

        Gateway(ConfigurableApplicationContext context) {
            requests =
                    SessionHostGrpc.newStub(channel(context, PeerRole.GATEWAY)).connect(this);
            send(GatewayMessage.newBuilder()
                    .setHello(Hello.newBuilder().setGatewayId("it").setInitialCredit(1 << 24)));
        }

        void send(GatewayMessage.Builder message) {
            requests.onNext(message.build());
        }

        SessionId session() {
            return received.stream()
                    .filter(HostMessage::hasOpened)
                    .map(each ->
                            SessionId.parse(each.getOpened().getSessionId()).orElseThrow())
                    .findFirst()
                    .orElseThrow();
        }

        List<String> messages() {
            var messages = new ArrayList<String>();
            for (var message : received) {
                switch (message.getMessageCase()) {
                    case BATCH -> {
                        for (var dispatch : message.getBatch().getDispatchesList()) {
                            dispatch.getSequencesList()
                                    .forEach(sequence -> messages.add("s" + sequence + " " + dispatch.getType()));
                        }
                    }
                    case ATTACHMENT -> messages.add("attached");
                    case REPLAY_DONE -> messages.add("done");
                    case INVALID -> messages.add("invalid");
                    default -> {}
                }
            }
            return messages;
        }

        @Override
        public void onNext(HostMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
        }
    }
}
