package dev.guildcast.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.contract.ShardId;
import dev.guildcast.contract.Topics;
import dev.guildcast.contract.Topology;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Topics TOPICS = new Topics("embedded-kafka-it.");

    @TempDir
    Path data;

    @Test
    void carriesARecordThroughALogAndATransactionThroughAState() throws Exception {
        var bootstrap = Brokers.shared().kafkaBootstrap();
        TestTopics.create(bootstrap, TOPICS, Topology.SMALLEST);
        TestTopics.create(bootstrap, TOPICS, Topology.SMALLEST);
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "transactional.id", "embedded-kafka-it");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPICS.state(ShardId.Kind.SESSION), 3, "key", "state"));
            producer.send(new ProducerRecord<>(TOPICS.sessionLog(), 3, "key", "delivery"));
            producer.commitTransaction();
        }
        Map<String, Object> reading = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "none");
        try (var consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(TOPICS.sessionLog(), 3);
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            var records = consumer.poll(Duration.ofSeconds(10)).records(partition);
            assertThat(records).hasSize(1);
            assertThat(records.getFirst().value()).isEqualTo("delivery");
            assertThat(records.getFirst().timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        }
    }

    @Test
    void createsEveryTopicOfAnInstallationWithItsPartitions() throws Exception {
        var bootstrap = Brokers.shared().kafkaBootstrap();
        var topics = new Topics("log-topics-it.");
        TestTopics.create(bootstrap, topics, new Topology(3, 2, 4, 5));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            var partitions = new HashMap<String, Integer>();
            admin.describeTopics(admin.listTopics().names().get())
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) ->
                            partitions.put(name, topic.partitions().size()));
            assertThat(partitions)
                    .containsEntry(topics.guildEvents(), 5)
                    .containsEntry(topics.guildEphemeral(), 5)
                    .containsEntry(topics.state(ShardId.Kind.GUILD), 5)
                    .containsEntry(topics.userEvents(), 4)
                    .containsEntry(topics.sessionLog(), 5)
                    .containsEntry(topics.state(ShardId.Kind.SESSION), 5)
                    .containsEntry(topics.sessionLifecycle(), 5)
                    .containsEntry(topics.ingressEvents(), 12)
                    .containsEntry(topics.deadLetter(), 4)
                    .containsEntry(topics.coordinatorState(), 1);
            var state = new ConfigResource(ConfigResource.Type.TOPIC, topics.state(ShardId.Kind.GUILD));
            assertThat(admin.describeConfigs(List.of(state)).all().get())
                    .hasEntrySatisfying(
                            state,
                            settings -> assertThat(settings.entries())
                                    .anyMatch(entry -> entry.name().equals("cleanup.policy")
                                            && Objects.equals(entry.value(), "compact")));
        }
    }

    @Test
    void reportsWhichPortIsTaken() throws Exception {
        try (var stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(stranger.getLocalPort(), data))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Kafka did not start on port " + stranger.getLocalPort() + ": Address already in use");
        }
    }

    @Test
    void keepsItsDataOverARestart() throws Exception {
        var before = new Topics("kept.");
        try (var kafka = EmbeddedKafka.start(0, data)) {
            TestTopics.create(kafka.bootstrap(), before, Topology.SMALLEST);
        }
        try (var kafka = EmbeddedKafka.start(0, data);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            assertThat(admin.listTopics().names().get()).contains(before.guildEvents());
        }
    }
}
