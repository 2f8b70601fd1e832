package dev.guildcast.gateway.command;

import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.voice.VoiceStateClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandProperties.class)
class CommandConfiguration {
    @Bean
    PresenceSanitizer presenceSanitizer() {
        return new PresenceSanitizer(System::currentTimeMillis);
    }

    @Bean
    CommandRouter commandRouter(
            PresenceSanitizer presenceSanitizer, VoiceStateClient voiceStates, ConnectionMetrics metrics) {
        return new CommandRouter(presenceSanitizer, voiceStates, metrics);
    }
}
