package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/// Records of the JSON topic, through the binder, by the header that names their publisher.
class IngressPrincipalIT {
    private static final Topics TOPICS = new Topics("principal-" + UUID.randomUUID() + ".");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({IngressConfiguration.class, KafkaIngressConfiguration.class})
    static class Application {
        @Bean
        @Primary
        InMemoryEventAppender log() {
            return new InMemoryEventAppender();
        }
    }

    @Test
    void aRecordIsHeldToTheRulesOfItsPrincipal(@TempDir Path folder) throws Exception {
        var bootstrap = Brokers.shared().kafkaBootstrap();
        TestTopics.create(bootstrap, TOPICS, Topology.SMALLEST);
        var file = Files.writeString(
                folder.resolve("publishers.json"),
                "{\"elsewhere\": {\"tokens\": [\"" + IngressFixture.digest("other") + "\"], \"guilds\": [\"1\"]},"
                        + "\"shop\": {\"tokens\": [\"" + IngressFixture.digest("s3cret") + "\"]}}");
        try (var context = new SpringApplicationBuilder(Application.class)
                        .properties(Map.of(
                                "spring.config.name", "ingress",
                                "spring.jmx.enabled", "false",
                                "server.port", "0",
                                "spring.grpc.server.enabled", "false",
                                "guildcast.kafka.bootstrap-servers", bootstrap,
                                "guildcast.kafka.prefix", TOPICS.prefix(),
                                "ingress.http.port", "0",
                                "ingress.grpc.port", "0",
                                "ingress.publishers-file", file.toString()))
                        .run();
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (var principals : List.of("", "nobody", "elsewhere", "shop", "shop,shop")) {
                var record = new ProducerRecord<byte[], byte[]>(TOPICS.ingressEvents(), 5, null, utf8(message(1)));
                for (var principal : principals.split(",")) {
                    if (!principal.isEmpty()) {
                        record.headers().add("principal", utf8(principal));
                    }
                }
                producer.send(record).get();
            }
            assertThat(letters(bootstrap, 3))
                    .hasEntrySatisfying(0L, each -> assertThat(each).startsWith("header principal is missing"))
                    .hasEntrySatisfying(1L, each -> assertThat(each).startsWith("header principal names no"))
                    .hasEntrySatisfying(2L, each -> assertThat(each).startsWith("d.guild_id this publisher may not"));
            var log = context.getBean(InMemoryEventAppender.class);
            await().atMost(PATIENCE).until(() -> log.size() >= 1);
            assertThat(log.entries()
                            .getFirst()
                            .guild()
                            .getEvent()
                            .getPublication()
                            .getSequence())
                    .isEqualTo(3);
        }
    }

    /// Reasons by offset in the topic.
    private static Map<Long, String> letters(String bootstrap, int count) {
        var reasons = new TreeMap<Long, String>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = IntStream.range(0, 4)
                    .mapToObj(each -> new TopicPartition(TOPICS.deadLetter(), each))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(letter -> reasons.put(
                                Long.parseLong(header(
                                        letter.headers().lastHeader("offset").value())),
                                header(letter.headers().lastHeader("reason").value())));
                return reasons.size() >= count;
            });
        }
        return reasons;
    }

    private static String header(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }
}
