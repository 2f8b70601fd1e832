package dev.guildcast.coordinator.store;

import dev.guildcast.brokers.Brokers;
import dev.guildcast.contract.Topics;
import dev.guildcast.coordinator.topics.KafkaTopicAdmin;
import dev.guildcast.coordinator.topics.TopicPlan;
import dev.guildcast.coordinator.topics.TopicProperties;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

class KafkaCoordinatorStoreIT extends CoordinatorStoreContract {
    private final Topics topics = new Topics("it-" + UUID.randomUUID() + ".");
    private final String bootstrap = Brokers.shared().kafkaBootstrap();

    @BeforeEach
    void makeTopic() throws Exception {
        new KafkaTopicAdmin(bootstrap, Duration.ofSeconds(30))
                .ensure(List.of(new TopicPlan(topics, TopicProperties.single()).coordinatorState()));
    }

    @Override
    CoordinatorStore open() {
        return new KafkaCoordinatorStore(
                bootstrap, topics.coordinatorState(), topics.prefix() + "coordinator", StoreProperties.DEFAULT);
    }
}
