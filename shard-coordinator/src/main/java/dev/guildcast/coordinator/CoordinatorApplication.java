package dev.guildcast.coordinator;

import dev.guildcast.shard.identity.GrpcServerIdentityConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// One replica of the coordinator.
@SpringBootApplication
@Import(GrpcServerIdentityConfiguration.class)
public class CoordinatorApplication {
    /// Starts a replica in this JVM. Returns when it leads or follows a leader, or when Kafka does not answer for 10 s;
    /// then it keeps trying in the background and reports not ready.
    ///
    /// @throws RuntimeException if its configuration does not match the installation's
    public static ConfigurableApplicationContext start(String... args) {
        return new SpringApplicationBuilder(CoordinatorApplication.class)
                .properties("spring.config.name=shard-coordinator")
                .build()
                .run(args);
    }

    public static void main(String[] args) {
        start(args);
    }
}
