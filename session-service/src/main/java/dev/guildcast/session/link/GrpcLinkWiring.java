package dev.guildcast.session.link;

import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.installation.InstallationProperties;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.ResumeProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SessionProperties.class, InstallationProperties.class})
class GrpcLinkWiring {
    @Bean
    ShardLinks shardLinks(
            InstallationProperties installation,
            SessionProperties session,
            ResumeProperties resume,
            LogPayloadReader reader,
            MeterRegistry registry) {
        if (session.timeout().compareTo(resume.window()) > 0) {
            throw new IllegalArgumentException("session.timeout is " + session.timeout()
                    + " (expected: at most session.resume.window, " + resume.window() + ")");
        }
        var links = new ShardLinks(new LinkParts(
                installation.shards(),
                session,
                resume,
                reader,
                new SecureRandom()::nextLong,
                System::nanoTime,
                new LinkMetrics(registry)));
        Gauge.builder("guildcast.sessions", links, ShardLinks::sessions)
                .description("Sessions of the shards that run here, whatever their role")
                .register(registry);
        return links;
    }

    @Bean
    GrpcLinkEndpoint linkEndpoint(ShardLinks links, InstallationProperties installation) {
        return new GrpcLinkEndpoint(
                links, installation.shards(), installation.node().id());
    }
}
