package dev.guildcast.gateway.voice;

import dev.guildcast.gateway.resilience.CallGuardFactory;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VoiceClientProperties.class)
class VoiceConfiguration {
    @Bean
    VoiceStateClient voiceStateClient(
            VoiceClientProperties properties, GrpcChannelFactory channels, MeterRegistry registry) {
        if (properties.target().isBlank()) {
            var dropped = registry.counter("guildcast.gateway.voice.updates", "outcome", "no_target");
            return (userId, bot, sessionId, update) -> dropped.increment();
        }
        return new GrpcVoiceStateClient(
                channels.createChannel(properties.uri()),
                CallGuardFactory.create(
                        "voice",
                        properties.toCallGuardSettings(),
                        "clients' voice state updates (op 4) are dropped; nobody can join, move or leave",
                        registry),
                properties.limit(),
                registry);
    }
}
