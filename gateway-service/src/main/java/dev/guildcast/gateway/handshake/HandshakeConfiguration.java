package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.Topology;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.command.PresenceSanitizer;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.HeartbeatProperties;
import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.SessionClient;
import dev.guildcast.gateway.token.TokenVerifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {
    @Bean
    IdentifyHandler identifyHandler(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties identify,
            SessionClient link,
            PresenceSanitizer presenceSanitizer,
            ConnectionMetrics metrics) {
        return new IdentifyHandler(tokens, limiter, identify, link, presenceSanitizer, metrics);
    }

    @Bean
    ResumeHandler resumeHandler(
            TokenVerifier tokens, SessionClient link, Topology topology, ConnectionMetrics metrics) {
        return new ResumeHandler(tokens, link, topology, metrics);
    }

    @Bean
    ClientMessageHandler clientMessageHandler(
            IdentifyHandler identifyHandler,
            ResumeHandler resumeHandler,
            CommandRouter commandRouter,
            HeartbeatProperties heartbeat,
            CommandProperties limits,
            ConnectionMetrics metrics) {
        return new ClientMessageHandler(identifyHandler, resumeHandler, commandRouter, heartbeat, limits, metrics);
    }
}
