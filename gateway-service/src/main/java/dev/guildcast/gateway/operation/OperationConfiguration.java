package dev.guildcast.gateway.operation;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OperationProperties.class)
class OperationConfiguration {
    /// The actuator's own server uses the filters of this context, too.
    @Bean
    OperationFilter operationFilter(
            OperationProperties properties, @Value("${management.endpoints.web.base-path:/actuator}") String basePath) {
        return new OperationFilter(basePath, properties);
    }
}
