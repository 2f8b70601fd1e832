package dev.guildcast.voice;

import dev.guildcast.shard.identity.GrpcServerIdentityConfiguration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The voice signaling service; configured by `voice-signaling-service.yml`.
@SpringBootApplication
@Import(GrpcServerIdentityConfiguration.class)
@ConfigurationPropertiesScan
public class VoiceApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the service in this JVM; closing the context stops it.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(VoiceApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "voice-signaling-service"));
        return application.run(args);
    }
}
