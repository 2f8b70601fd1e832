package dev.guildcast.shard.identity;

import dev.guildcast.shard.access.GrpcCallAuthorizer;
import dev.guildcast.shard.access.GrpcIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;

/// The gate of a service's gRPC server. Imported by each service that has one, whose configuration file then sets
/// `spring.grpc.server.ssl.bundle` to [#SERVER_BUNDLE].
@Configuration(proxyBeanMethods = false)
@Import(GrpcIdentityConfiguration.class)
public class GrpcServerIdentityConfiguration {
    /// The bundle `internal` as Spring's server takes it, with reload.
    static final String SERVER_BUNDLE = "internal-server";

    @Bean
    OpenPortRule openPortRule(InternalProperties properties) {
        return new OpenPortRule(properties.plaintext());
    }

    /// For every service of the server, gRPC's own included.
    @Bean
    @GlobalServerInterceptor
    @Order(Ordered.HIGHEST_PRECEDENCE)
    GrpcCallAuthorizer callAuthorizer(
            GrpcIdentity identity,
            MeterRegistry registry,
            InternalProperties properties,
            OpenPortRule rule,
            @Value("${spring.grpc.server.address:#{null}}") @Nullable InetAddress address) {
        // Before the server has a port.
        rule.verify(
                "spring.grpc.server.address",
                address == null ? new InetSocketAddress(0).getAddress() : address,
                properties.tls());
        return new GrpcCallAuthorizer(identity.callers(), registry);
    }

    @Bean
    @ConditionalOnProperty(name = "guildcast.internal.tls", havingValue = "true")
    SslBundleRegistrar serverBundle(ObjectProvider<InternalTls> tls) {
        return registry -> registry.registerBundle(SERVER_BUNDLE, ReloadableSslBundle.of(tls::getObject));
    }
}
