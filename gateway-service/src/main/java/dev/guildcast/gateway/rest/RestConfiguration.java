package dev.guildcast.gateway.rest;

import dev.guildcast.gateway.limit.IdentifyLimiter;
import dev.guildcast.gateway.limit.IdentifyProperties;
import dev.guildcast.gateway.link.GuildCounts;
import dev.guildcast.gateway.socket.PublicUrls;
import dev.guildcast.gateway.token.TokenVerifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

@Configuration(proxyBeanMethods = false)
class RestConfiguration {
    @Bean
    RouterFunction<ServerResponse> gatewayRoutes(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties identify,
            PublicUrls urls,
            GuildCounts guildCounts) {
        return new GatewayRoutes(tokens, limiter, identify, urls, guildCounts).routes();
    }
}
