package dev.guildcast.gateway.connection;

import dev.guildcast.gateway.limit.IdentifyProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ConnectionProperties.class, HeartbeatProperties.class})
class ConnectionConfiguration {
    @Bean
    ConnectionMetrics connectionMetrics(MeterRegistry registry) {
        return new ConnectionMetrics(registry, System::currentTimeMillis);
    }

    @Bean
    ConnectionRegistry connectionRegistry(ConnectionProperties properties, MeterRegistry registry) {
        return new ConnectionRegistry(properties.max(), registry);
    }

    @Bean(initMethod = "start")
    ConnectionSweeper connectionSweeper(
            ConnectionRegistry connections,
            HeartbeatProperties heartbeat,
            IdentifyProperties identify,
            ConnectionMetrics metrics) {
        return new ConnectionSweeper(connections, heartbeat, identify, metrics, System::nanoTime);
    }
}
