package dev.guildcast.session.presence;

import dev.guildcast.shard.access.GrpcIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PresenceBeatProperties.class)
class GrpcPresenceConfiguration {
    @Bean
    PresenceBeatRegistry presenceBeatRegistry(PresenceBeatProperties properties) {
        return new PresenceBeatRegistry(properties.beatEvery());
    }

    @Bean
    @Conditional(GrpcTargetConfigured.class)
    GrpcBeatSink presenceBeatSink(
            PresenceBeatProperties properties,
            GrpcIdentity identity,
            PresenceBeatRegistry beatRegistry,
            MeterRegistry registry) {
        var sink = new GrpcBeatSink(properties.target(), identity, beatRegistry, registry);
        beatRegistry.setSink(sink);
        sink.start();
        return sink;
    }

    static final class GrpcTargetConfigured implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("session.presence.target", "")
                    .isBlank();
        }
    }
}
