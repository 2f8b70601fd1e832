package dev.guildcast.backend;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/// The chat backend; configured by `backend.yml`.
@SpringBootApplication
@ConfigurationPropertiesScan
public class BackendApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the backend in this JVM; closing the context stops it.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(BackendApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "backend"));
        return application.run(args);
    }
}
