package dev.guildcast.coordinator.topics;

import dev.guildcast.shard.installation.InstallationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicProperties.class)
class TopicsConfiguration {
    @Bean
    TopicPlan topicPlan(InstallationProperties installation, TopicProperties properties) {
        return new TopicPlan(installation.topics(), properties);
    }

    @Bean
    TopicAdmin topicAdmin(InstallationProperties installation, TopicProperties properties) {
        return new KafkaTopicAdmin(installation.kafka().requiredBootstrapServers(), properties.patience());
    }
}
