package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.document;
import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static dev.guildcast.fanout.ingress.IngressFixture.wrong;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.IngressGrpc;
import dev.guildcast.event.v1.PublishRequest;
import dev.guildcast.event.v1.PublishResponse;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The three ways in, over a real Kafka.
class IngressIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("ingress-" + UUID.randomUUID() + ".");
    private static final int GUILD_PARTITION = 2;

    private static ConfigurableApplicationContext context;
    private static int grpcPort;

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({IngressConfiguration.class, KafkaIngressConfiguration.class})
    static class Application {}

    @BeforeAll
    static void start() {
        TestTopics.create(bootstrap(), TOPICS, Topology.SMALLEST);
        context = new SpringApplicationBuilder(Application.class)
                .properties(Map.of(
                        "spring.config.name", "ingress",
                        "spring.jmx.enabled", "false",
                        "server.port", "0",
                        "spring.grpc.server.enabled", "false",
                        "guildcast.kafka.bootstrap-servers", bootstrap(),
                        "guildcast.kafka.prefix", TOPICS.prefix(),
                        "ingress.http.port", "0",
                        "ingress.grpc.port", "0",
                        "ingress.tokens.shop", IngressFixture.digest("s3cret")))
                .run();
        grpcPort = context.getBean(GrpcIngressServer.class).getAsInt();
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    private static String bootstrap() {
        return Brokers.shared().kafkaBootstrap();
    }

    private static long end(String topic, int partition) {
        try (var consumer = consumer()) {
            var place = new TopicPartition(topic, partition);
            return consumer.endOffsets(List.of(place)).get(place);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /// Reads `count` records of a partition from an offset.
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int partition, long from, int count) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = consumer()) {
            var place = new TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            consumer.seek(place, from);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }

    private static GuildRecord guild(ConsumerRecord<byte[], byte[]> record) {
        try {
            return GuildRecord.parseFrom(record.value());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> post(String body) throws Exception {
        int port = context.getBean(HttpIngressServer.class).port();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ingress/v1/events"))
                            .header("Authorization", "Bearer s3cret")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void publishToTopic(String... events) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var event : events) {
                producer.send(new ProducerRecord<>(TOPICS.ingressEvents(), 5, utf8(IngressFixture.GUILD), utf8(event)))
                        .get();
            }
        }
    }

    @Test
    void eventsByHttpAreInTheLogInOrder() throws Exception {
        long from = end(TOPICS.guildEvents(), GUILD_PARTITION);
        var body = IntStream.rangeClosed(1, 200)
                .mapToObj(IngressFixture::message)
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(post(body).body()).isEqualTo("{\"accepted\":200,\"refused\":[]}");
        var records = read(TOPICS.guildEvents(), GUILD_PARTITION, from, 200);
        for (int n = 0; n < 200; n++) {
            assertThat(guild(records.get(n)).getEvent().getPayload().toStringUtf8())
                    .startsWith("{\"id\":\"" + (n + 1) + "\"");
        }
    }

    @Test
    void aWholeGuildIsInTheLogWithItsEndLast() throws Exception {
        long from = end(TOPICS.guildEvents(), GUILD_PARTITION);
        assertThat(post(document(2500)).body()).isEqualTo("{\"accepted\":1,\"refused\":[]}");
        var records = read(TOPICS.guildEvents(), GUILD_PARTITION, from, 6);
        assertThat(records).hasSize(6);
        assertThat(records.subList(0, 5)).allMatch(record -> guild(record).hasDocumentPart());
        assertThat(guild(records.get(5)).hasDocumentEnd()).isTrue();
    }

    @Test
    void aGrpcResponseNamesTheLogPositionOfItsEvent() {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer s3cret");
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        var future = new CompletableFuture<PublishResponse>();
        try {
            var call = IngressGrpc.newStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .publish(new StreamObserver<>() {
                        @Override
                        public void onNext(PublishResponse response) {
                            future.complete(response);
                        }

                        @Override
                        public void onError(Throwable failure) {
                            future.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            call.onNext(PublishRequest.newBuilder()
                    .setId(7)
                    .setEvent(ByteString.copyFromUtf8(message(4711)))
                    .build());
            call.onCompleted();
            var accepted = future.join().getAccepted();
            assertThat(accepted.getTopic()).isEqualTo("guild.events");
            var record = read(TOPICS.guildEvents(), accepted.getPartition(), accepted.getOffset(), 1);
            assertThat(guild(record.getFirst()).getEvent().getPayload().toStringUtf8())
                    .contains("\"4711\"");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void eventsOfTheTopicAreInTheLogAndInvalidOnesAreDeadLetters() throws Exception {
        long from = end(TOPICS.guildEvents(), GUILD_PARTITION);
        long place = end(TOPICS.ingressEvents(), 5);
        var own = message(3).replaceFirst("\\{", "{\"publisher\":\"chat\",\"sequence\":9,");
        publishToTopic(message(1), wrong(), message(2), own);
        var events = read(TOPICS.guildEvents(), GUILD_PARTITION, from, 3).stream()
                .map(record -> guild(record).getEvent())
                .toList();
        assertThat(events.get(0).getPublication().getPublisher()).isEqualTo("ingress.events/5");
        assertThat(events.get(0).getPublication().getSequence()).isEqualTo(place);
        assertThat(events.get(1).getPublication().getSequence()).isEqualTo(place + 2);
        assertThat(events.get(2).getPublication().getPublisher()).isEqualTo("chat");
        var letters = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = consumer()) {
            var places = IntStream.range(0, 4)
                    .mapToObj(partition -> new TopicPartition(TOPICS.deadLetter(), partition))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                return !letters.isEmpty();
            });
        }
        assertThat(letters).hasSize(1);
        var letter = letters.getFirst();
        assertThat(letter.value()).isEqualTo(utf8(wrong()));
        assertThat(text(letter, "reason")).isEqualTo("d.author is missing");
        assertThat(text(letter, "source")).isEqualTo("ingress.events/5");
        assertThat(text(letter, "offset")).isEqualTo(Long.toString(place + 1));
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
        return new String(letter.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }
}
