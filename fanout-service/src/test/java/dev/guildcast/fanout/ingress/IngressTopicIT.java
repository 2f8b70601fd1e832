package dev.guildcast.fanout.ingress;

import static dev.guildcast.fanout.ingress.IngressFixture.message;
import static dev.guildcast.fanout.ingress.IngressFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.brokers.TestTopics;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/// The JSON topic when neither its topics nor the log are ready.
class IngressTopicIT {
    private static final Topics TOPICS = new Topics("late-" + UUID.randomUUID() + ".");
    private static final int FAILURES = 3;

    /// A log that acknowledges nothing at first.
    static final class LateLog implements EventAppender {
        private final AtomicInteger failures = new AtomicInteger();
        private final InMemoryEventAppender memory = new InMemoryEventAppender();

        @Override
        public CompletableFuture<Appended> append(Log log, int partition, byte[] record) {
            return failures.getAndIncrement() < FAILURES
                    ? CompletableFuture.failedFuture(new LogUnavailable("away"))
                    : memory.append(log, partition, record);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({IngressConfiguration.class, KafkaIngressConfiguration.class})
    static class Application {
        @Bean
        @Primary
        LateLog lateLog() {
            return new LateLog();
        }
    }

    @Test
    void startsBeforeItsTopicsAndKeepsEventsUntilTheLogTakesThem() throws Exception {
        var bootstrap = Brokers.shared().kafkaBootstrap();
        try (var context = new SpringApplicationBuilder(Application.class)
                .properties(Map.of(
                        "spring.config.name", "ingress",
                        "spring.jmx.enabled", "false",
                        "server.port", "0",
                        "spring.grpc.server.port", "0",
                        "guildcast.kafka.bootstrap-servers", bootstrap,
                        "guildcast.kafka.prefix", TOPICS.prefix(),
                        "ingress.http.port", "0"))
                .run()) {
            TestTopics.create(bootstrap, TOPICS, Topology.SMALLEST);
            try (var producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int id = 1; id <= 3; id++) {
                    producer.send(new ProducerRecord<>(TOPICS.ingressEvents(), 0, null, utf8(message(id))))
                            .get();
                }
            }
            var log = context.getBean(LateLog.class).memory;
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> log.entries().stream().anyMatch(entry -> sequence(entry) == 2));
            assertThat(log.entries().stream().map(IngressTopicIT::sequence).distinct())
                    .containsExactlyInAnyOrder(0L, 1L, 2L);
        }
    }

    private static long sequence(InMemoryEventAppender.Entry entry) {
        return entry.guild().getEvent().getPublication().getSequence();
    }
}
