package dev.guildcast.session;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The session service; configured by `session-service.yml`.
@SpringBootApplication
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
