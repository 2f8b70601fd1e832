package dev.guildcast.coordinator.store;

import dev.guildcast.shard.installation.InstallationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Store and election on the installation's Kafka. The replica closes both.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({StoreProperties.class, InstallationProperties.class})
class StoreConfiguration {
    @Bean(destroyMethod = "")
    CoordinatorStore coordinatorStore(InstallationProperties installation, StoreProperties properties) {
        return new KafkaCoordinatorStore(
                installation.kafka().requiredBootstrapServers(),
                installation.topics().coordinatorState(),
                installation.kafka().prefix() + "coordinator",
                properties);
    }

    @Bean(destroyMethod = "")
    LeaderElection leaderElection(InstallationProperties installation, StoreProperties properties) {
        return new KafkaLeaderElection(
                installation.kafka().requiredBootstrapServers(),
                installation.topics().coordinatorState(),
                installation.kafka().prefix() + "coordinator",
                properties);
    }
}
