package dev.guildcast.voiceserver;

import dev.guildcast.shard.identity.GrpcIdentityConfiguration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// The voice server; configured by `voice-server.yml`.
@SpringBootApplication
@Import(GrpcIdentityConfiguration.class)
public class VoiceServerApplication {
    public static void main(String... args) {
        start(args);
    }

    /// Starts the server in this JVM; closing the context stops it and cuts everybody off.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(VoiceServerApplication.class);
        application.setDefaultProperties(Map.of("spring.config.name", "voice-server"));
        return application.run(args);
    }
}
