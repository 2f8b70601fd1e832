package dev.guildcast.session.link;

import dev.guildcast.session.SessionProperties;
import dev.guildcast.session.attach.AttachMetrics;
import dev.guildcast.session.attach.FrontendContext;
import dev.guildcast.session.attach.HostedShardRegistry;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.ResumeProperties;
import dev.guildcast.shard.installation.InstallationProperties;
import dev.guildcast.shard.installation.NodeIdentity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SessionProperties.class, GatewayLinkProperties.class, InstallationProperties.class})
class GrpcLinkConfiguration {
    @Bean
    HostedShardRegistry hostedShards(
            InstallationProperties installation,
            SessionProperties session,
            ResumeProperties resume,
            LogPayloadReader reader,
            MeterRegistry registry) {
        if (session.timeout().compareTo(resume.window()) > 0) {
            throw new IllegalArgumentException("session.timeout is " + session.timeout()
                    + " (expected: at most session.resume.window, " + resume.window() + ")");
        }
        var hostedShards = new HostedShardRegistry(new FrontendContext(
                installation.toTopology(),
                session,
                resume,
                reader,
                new SecureRandom()::nextLong,
                System::nanoTime,
                new AttachMetrics(registry)));
        Gauge.builder("guildcast.sessions", hostedShards, HostedShardRegistry::sessions)
                .description("Sessions of the shards that run on this host, as owner or as follower")
                .strongReference(true)
                .register(registry);
        Gauge.builder("guildcast.session.link.pending", hostedShards, HostedShardRegistry::pendingBytes)
                .description("Requests of gateways that wait for the loops of their shards")
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
        return hostedShards;
    }

    @Bean
    NodeIdentity nodeIdentity(InstallationProperties installation) {
        return NodeIdentity.of(installation, "session-");
    }

    @Bean
    GrpcLinkEndpoint linkEndpoint(
            HostedShardRegistry hostedShards,
            InstallationProperties installation,
            NodeIdentity identity,
            GatewayLinkProperties properties,
            MeterRegistry registry) {
        return new GrpcLinkEndpoint(
                hostedShards,
                installation.toTopology(),
                identity.id(),
                properties.deadAfter(),
                registry,
                System::nanoTime);
    }

    @Bean(initMethod = "start")
    SilentStreamSweeper silentStreamSweeper(GrpcLinkEndpoint endpoint) {
        return new SilentStreamSweeper(endpoint::endSilentStreams);
    }
}
