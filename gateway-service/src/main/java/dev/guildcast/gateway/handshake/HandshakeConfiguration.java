package dev.guildcast.gateway.handshake;

import dev.guildcast.contract.Topology;
import dev.guildcast.gateway.ConnectionRegistry;
import dev.guildcast.gateway.GatewayMetrics;
import dev.guildcast.gateway.command.CommandProperties;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.command.PresenceCleaner;
import dev.guildcast.gateway.guard.Guard;
import dev.guildcast.gateway.link.SessionLink;
import dev.guildcast.gateway.token.TokenVerifier;
import dev.guildcast.gateway.voice.VoiceStates;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    IdentifyProperties.class,
    HeartbeatProperties.class,
    AddressProperties.class,
    LimiterProperties.class,
    CommandProperties.class
})
class HandshakeConfiguration {
    @Bean
    GatewayMetrics gatewayMetrics(MeterRegistry registry) {
        return new GatewayMetrics(registry, System::currentTimeMillis);
    }

    @Bean
    LocalLimits localLimits(LimiterProperties properties) {
        return new LocalLimits(properties.localMax(), System::currentTimeMillis);
    }

    @Bean
    IdentifyLimiter identifyLimiter(
            ReactiveStringRedisTemplate redis,
            IdentifyProperties properties,
            LimiterProperties limiter,
            LocalLimits local,
            MeterRegistry registry) {
        return new GuardedIdentifyLimiter(
                new RedisIdentifyLimiter(redis, properties),
                new LocalIdentifyLimiter(local, properties),
                new Guard("redis-identify", limiter.toGuard(), registry));
    }

    @Bean
    AddressLimiter addressLimiter(
            ReactiveStringRedisTemplate redis,
            AddressProperties properties,
            LimiterProperties limiter,
            LocalLimits local,
            MeterRegistry registry) {
        if (properties.limit() == 0) {
            return AddressLimiter.NONE;
        }
        return new GuardedAddressLimiter(
                new RedisAddressLimiter(redis, properties),
                new LocalAddressLimiter(local, properties),
                new Guard("redis-address", limiter.toGuard(), registry));
    }

    @Bean
    PresenceCleaner presenceCleaner() {
        return new PresenceCleaner(System::currentTimeMillis);
    }

    @Bean
    CommandRouter commandRouter(PresenceCleaner presences, VoiceStates voice, GatewayMetrics metrics) {
        return new CommandRouter(presences, voice, metrics, System::nanoTime);
    }

    @Bean
    Handshake handshake(
            TokenVerifier tokens,
            IdentifyLimiter limiter,
            IdentifyProperties identify,
            HeartbeatProperties heartbeat,
            SessionLink link,
            Topology topology,
            PresenceCleaner presences,
            CommandRouter commands,
            GatewayMetrics metrics,
            CommandProperties limits) {
        return new Handshake(
                new IdentifyHandler(tokens, limiter, identify, link, presences, metrics, limits.botFrameBytesMax()),
                new ResumeHandler(tokens, link, topology, metrics),
                commands,
                heartbeat,
                metrics,
                System::nanoTime,
                limits.botFrameBytesMax(),
                limits.userFrameBytesMax());
    }

    @Bean(initMethod = "start")
    HeartbeatWatch heartbeatWatch(
            ConnectionRegistry connections,
            HeartbeatProperties heartbeat,
            IdentifyProperties identify,
            GatewayMetrics metrics) {
        return new HeartbeatWatch(connections, heartbeat, identify, metrics, System::nanoTime);
    }
}
