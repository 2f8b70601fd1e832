package dev.guildcast.fanout.node;

import dev.guildcast.fanout.presence.GrpcPresenceSource;
import dev.guildcast.fanout.presence.PresenceSource;
import dev.guildcast.shard.call.CallGuard;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.timelimiter.TimeLimiterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

@Configuration(proxyBeanMethods = false)
class GrpcPresenceConfiguration {
    private static final String READS = "presence-reads";

    @Bean
    PresenceSource presenceSource(
            FanoutProperties properties,
            GrpcChannelFactory channels,
            CircuitBreakerRegistry breakers,
            BulkheadRegistry bulkheads,
            TimeLimiterRegistry limits) {
        String target = properties.presence().target();
        return target.isBlank()
                ? PresenceSource.NONE
                : new GrpcPresenceSource(
                        channels.createChannel(target),
                        CallGuard.named(
                                READS,
                                READS,
                                "shards that start here show users as offline until their presence changes",
                                breakers,
                                bulkheads,
                                limits));
    }
}
