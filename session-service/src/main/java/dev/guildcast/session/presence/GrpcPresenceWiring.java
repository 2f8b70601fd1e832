package dev.guildcast.session.presence;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PresenceProperties.class)
class GrpcPresenceWiring {
    @Bean
    PresenceHost presenceHost(PresenceProperties properties) {
        return new PresenceHost(properties.beatEvery());
    }

    @Bean
    @Conditional(GrpcTargetGiven.class)
    GrpcPresenceBeats presenceBeats(PresenceProperties properties, PresenceHost host, MeterRegistry registry) {
        var beats = new GrpcPresenceBeats(properties.target(), host, registry);
        host.connect(beats);
        beats.start();
        return beats;
    }

    static final class GrpcTargetGiven implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("session.presence.target", "")
                    .isBlank();
        }
    }
}
