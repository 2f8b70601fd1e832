package dev.guildcast.brokers;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// Kafka in a container.
final class ContainerKafka implements KafkaBroker {
    static final String IMAGE = "apache/kafka-native:4.2.1";

    private final KafkaContainer container;

    private ContainerKafka(KafkaContainer container) {
        this.container = container;
    }

    static ContainerKafka start() {
        var container = new KafkaContainer(DockerImageName.parse(IMAGE))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(10 << 20))
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "1");
        container.start();
        return new ContainerKafka(container);
    }

    @Override
    public String bootstrap() {
        return container.getBootstrapServers().replaceFirst("^[A-Z]+://", "");
    }

    @Override
    public void close() {
        container.stop();
    }
}
