package dev.guildcast.coordinator.topics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildcast.brokers.Brokers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaTopicAdminIT extends TopicAdminContract {
    @Override
    TopicAdmin admin() {
        return new KafkaTopicAdmin(Brokers.shared().kafkaBootstrap(), Duration.ofSeconds(30));
    }

    @Test
    void namesThePropertyWhenThereAreTooFewBrokers() {
        var greedy = new PlannedTopic(topics.deadLetter(), 1, (short) 3, Map.of());
        assertThatThrownBy(() -> admin().ensure(List.of(greedy)))
                .isInstanceOf(TopicsUnavailableException.class)
                .hasMessageContaining("coordinator.topics.replication");
    }

    @Test
    void reportsAnUnreachableKafka() {
        assertThatThrownBy(() -> new KafkaTopicAdmin("127.0.0.1:1", Duration.ofSeconds(2)).ensure(List.of()))
                .isInstanceOf(TopicsUnavailableException.class)
                .hasMessageContaining("127.0.0.1:1");
    }
}
