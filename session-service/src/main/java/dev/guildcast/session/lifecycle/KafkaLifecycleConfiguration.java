package dev.guildcast.session.lifecycle;

import dev.guildcast.shard.installation.InstallationProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KafkaLifecycleConfiguration {
    @Bean
    KafkaLifecyclePublisher lifecyclePublisher(InstallationProperties installation, MeterRegistry registry) {
        return new KafkaLifecyclePublisher(
                installation.kafka().requiredBootstrapServers(),
                installation.topics().sessionLifecycle(),
                registry);
    }
}
