package dev.guildcast.session.lifecycle;

import dev.guildcast.session.installation.InstallationProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KafkaLifecycleConfiguration {
    @Bean
    KafkaLifecyclePublisher lifecyclePublisher(InstallationProperties installation, MeterRegistry registry) {
        return new KafkaLifecyclePublisher(
                installation.kafka().bootstrapServers(), installation.topics().sessionLifecycle(), registry);
    }
}
