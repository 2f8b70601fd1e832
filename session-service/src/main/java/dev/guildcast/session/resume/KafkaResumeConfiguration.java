package dev.guildcast.session.resume;

import dev.guildcast.shard.installation.InstallationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ResumeProperties.class, InstallationProperties.class})
class KafkaResumeConfiguration {
    @Bean
    KafkaLogPayloadReader logPayloadReader(InstallationProperties installation) {
        return new KafkaLogPayloadReader(
                installation.kafka().requiredBootstrapServers(),
                installation.topics().sessionLog());
    }
}
