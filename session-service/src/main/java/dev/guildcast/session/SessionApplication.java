package dev.guildcast.session;

import dev.guildcast.shard.identity.GrpcServerIdentityConfiguration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The session service; configured by `session-service.yml`.
@SpringBootApplication
@Import(GrpcServerIdentityConfiguration.class)
public class SessionApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the service in this JVM; closing the context stops it.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(SessionApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "session-service"));
        return application.run(args);
    }
}
