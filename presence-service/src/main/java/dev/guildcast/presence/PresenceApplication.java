package dev.guildcast.presence;

import dev.guildcast.shard.identity.GrpcServerIdentityConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The presence service; configured by `presence-service.yml`.
@SpringBootApplication
@Import(GrpcServerIdentityConfiguration.class)
@ConfigurationPropertiesScan
public class PresenceApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the service in this JVM; closing the context stops it.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(PresenceApplication.class);
        application.setDefaultProperties(java.util.Map.of("spring.config.name", "presence-service"));
        return application.run(args);
    }
}
