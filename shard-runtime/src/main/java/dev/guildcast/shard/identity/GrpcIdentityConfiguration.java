package dev.guildcast.shard.identity;

import dev.guildcast.shard.access.CertificateRoles;
import dev.guildcast.shard.access.GrpcIdentity;
import io.grpc.ClientInterceptor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.ChannelCredentialsProvider;
import org.springframework.grpc.client.GlobalClientInterceptor;

/// How a service proves its role, also on the channels of Spring's factory. Imported by each service that calls others.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InternalProperties.class)
public class GrpcIdentityConfiguration {
    static final String BUNDLE = "internal";

    @Bean
    @ConditionalOnProperty(name = "guildcast.internal.tls", havingValue = "true")
    InternalTls internalTls(SslBundles bundles) {
        return InternalTls.mutual(bundles, BUNDLE);
    }

    @Bean
    @ConditionalOnProperty(name = "guildcast.internal.tls", havingValue = "true")
    GrpcIdentity certifiedIdentity(InternalProperties properties, InternalTls tls) {
        return GrpcIdentity.byCertificate(
                tls.keys(), tls.authorities(), new CertificateRoles(properties.identityPrefix()));
    }

    @Bean
    @ConditionalOnProperty(name = "guildcast.internal.tls", havingValue = "false", matchIfMissing = true)
    GrpcIdentity secretIdentity(
            InternalProperties properties, @Value("${spring.application.name}") String application) {
        return GrpcIdentity.bySecret(properties.requiredSecret(), ServiceRoles.of(application));
    }

    /// The channels of Spring's factory.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration")
    static class Channels {
        @Bean
        ChannelCredentialsProvider internalChannelCredentials(GrpcIdentity identity) {
            return target -> identity.transport();
        }

        @Bean
        @GlobalClientInterceptor
        @Order(Ordered.HIGHEST_PRECEDENCE)
        ClientInterceptor internalCallInterceptor(GrpcIdentity identity) {
            return identity.callInterceptor();
        }
    }
}
