package dev.guildcast.fanout;

import dev.guildcast.shard.identity.GrpcServerIdentityConfiguration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The fanout service; configured by `fanout-service.yml`.
@SpringBootApplication
@Import(GrpcServerIdentityConfiguration.class)
@ConfigurationPropertiesScan
public class FanoutApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the service in this JVM; closing the context stops it.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(FanoutApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "fanout-service"));
        return application.run(args);
    }
}
