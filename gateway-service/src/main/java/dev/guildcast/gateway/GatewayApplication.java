package dev.guildcast.gateway;

import dev.guildcast.shard.identity.GrpcIdentityConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/// Main class of the gateway process.
@SpringBootApplication
@Import(GrpcIdentityConfiguration.class)
public class GatewayApplication {
    /// Starts one gateway. Several may run in one JVM, each on its own port.
    public static ConfigurableApplicationContext start(String... args) {
        var application = new SpringApplication(GatewayApplication.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        var name = new String[args.length + 1];
        name[0] = "--spring.config.name=gateway-service";
        System.arraycopy(args, 0, name, 1, args.length);
        return application.run(name);
    }

    public static void main(String[] args) {
        start(args);
    }
}
