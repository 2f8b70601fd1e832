package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.Topology;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.command.PresenceSanitizer;
import dev.guildcast.gateway.connection.ConnectionMetrics;
import dev.guildcast.gateway.connection.HeartbeatProperties;
import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.SessionLink;
import dev.guildcast.gateway.token.TokenVerifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HandshakeConfiguration {
    @Bean
    ClientMessageHandler clientMessageHandler(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties identify,
            HeartbeatProperties heartbeat,
            SessionLink link,
            Topology topology,
            PresenceSanitizer presenceSanitizer,
            CommandRouter commandRouter,
            ConnectionMetrics metrics,
            CommandProperties limits) {
        return new ClientMessageHandler(
                new IdentifyHandler(
                        tokens, limiter, identify, link, presenceSanitizer, metrics, limits.botFrameBytesMax()),
                new ResumeHandler(tokens, link, topology, metrics),
                commandRouter,
                heartbeat,
                metrics,
                System::nanoTime,
                limits.botFrameBytesMax(),
                limits.userFrameBytesMax());
    }
}
